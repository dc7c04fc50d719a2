/**
 * How each life of the worker ends: by the clock, at the n-th call of any port, or at the n-th call of one of its effects,
 * before or after the effect took place. A pure function of the seed; every effect has its turn.
 */
import { drawOf } from './draw.ts';

export type Death =
  /** From the moment when it was told to go. */
  | { readonly kind: 'time'; readonly afterMs: number }
  | { readonly kind: 'call'; readonly call: number; readonly when: 'before' | 'after' }
  | {
      readonly kind: 'effect';
      readonly effect: string;
      readonly nth: number;
      readonly when: 'before' | 'after';
      /** It dies at this call of any port at the latest; null: however long it takes. */
      readonly callsMax: number | null;
    };

/** What changes something outside, and the readings between: the names of the ports' functions. */
const effects = [
  'gateway.send',
  'orders.intend',
  'orders.update',
  'gateway.lookUp',
  'gateway.fills',
  'ledger.post',
  'ledger.recordFills',
  'decisions.record',
  'decisions.finish',
  'lease.acquire',
  'lease.isHeld',
  'lease.release',
  'gateway.cancel',
  'state.setCursor',
  'state.recordEquity',
  'state.setDiscrepancies',
  'state.sendingState',
  'decisions.unfinished',
  'orders.ofRebalance',
  'orders.unended',
  'ledger.fillsOf',
  'ledger.balances',
  'ledger.transactions',
  'reader.fills',
  'reader.account',
  'reader.positions',
  'reader.openOrders',
  'reader.cashEvents',
  'reader.quote',
] as const;

/** Of moves between wallets, and of subscriptions and redemptions. */
const slowEffects = [
  'gateway.send of savings',
  'orders.intend of a transfer',
  'transfers.list',
  'orders.intend of savings',
  'gateway.lookUp of savings',
  'transfers.free',
  'orders.update of savings',
  'gateway.fills of savings',
  'transfers.send of a transfer',
  'orders.update of a transfer',
] as const;

/** @param isSlow transfers and savings are played. */
export const effectsOf = (isSlow: boolean): readonly string[] =>
  isSlow ? [...slowEffects, ...effects] : effects;

/** Each of which a run that tries all of them must be able to strike before and after, more than once. */
export const deathsAs = ['before', 'after'] as const;

const timeMsMax = 3_000;
const callsMax = 900;
/** More than a life needs for its few slots: an effect that is not reached by then has no turn. */
const lifeCallsMax = 6_000;

export type Mortality = {
  readonly seed: number;
  /** Of the world; worlds go on with the effects where the one before leaves off. */
  readonly number: number;
  /** In each world. */
  readonly kills: number;
  /** Transfers and savings are played: every other effect is one of theirs. */
  readonly isSlow: boolean;
};

/** Two thirds of the lives end at an effect, a sixth at any call, a sixth by the clock. */
export function deathOf({ seed, number, kills, isSlow }: Mortality, life: number): Death {
  const draw = drawOf(seed, 'deaths', life);
  const when = draw.oneOf(deathsAs);
  const turn = life % livesInTurn;
  if (turn === 4) return { kind: 'time', afterMs: draw.whole(20, timeMsMax) };
  if (turn === 5) return { kind: 'call', call: draw.whole(1, callsMax), when };
  const turns = effectLives(life);
  const pairs = number * Math.ceil(effectLives(kills) / 2) + Math.floor(turns / 2);
  const effect = effectAt(pairs, isSlow);
  return {
    kind: 'effect',
    effect,
    nth: draw.whole(1, nthMax(effect)),
    when: turns % 2 === 0 ? 'before' : 'after',
    callsMax: isSlow ? lifeCallsMax : null,
  };
}

const livesInTurn = 6;
const effectsInTurn = 4;

/** Of the first lives of a world, those that end at an effect. */
const effectLives = (lives: number): number =>
  Math.floor(lives / livesInTurn) * effectsInTurn + Math.min(lives % livesInTurn, effectsInTurn);

function effectAt(pair: number, isSlow: boolean): string {
  const of = (all: readonly string[], turn: number) => all[turn % all.length] as string;
  if (!isSlow) return of(effects, pair);
  const turn = Math.floor(pair / 2);
  return pair % 2 === 0 ? of(slowEffects, turn) : of(effects, turn);
}

/** Those that are called for every order die anywhere among them, the others early enough to be reached. */
function nthMax(effect: string): number {
  if (/^transfers| of /.test(effect)) return 2;
  if (/^(gateway|orders\.(intend|update)|ledger\.(post|recordFills))/.test(effect)) return 60;
  return /^(lease\.isHeld|state\.sendingState|reader\.quote)/.test(effect) ? 12 : 2;
}

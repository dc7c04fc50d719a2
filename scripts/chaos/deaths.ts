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

/** Of moves between wallets, and of subscriptions and redemptions: where they are played they come first. */
const slowEffects = [
  'transfers.send of a transfer',
  'orders.intend of a transfer',
  'gateway.send of savings',
  'orders.update of a transfer',
  'transfers.list',
  'transfers.free',
  'orders.intend of savings',
  'orders.update of savings',
  'gateway.lookUp of savings',
  'gateway.fills of savings',
] as const;

const timeMsMax = 3_000;
const callsMax = 900;
/** More than a life needs for its few slots: an effect that is not reached by then has no turn. */
const lifeCallsMax = 6_000;

/**
 * Two thirds of the lives end at an effect, a sixth at any call, a sixth by the clock.
 *
 * @param isSlow transfers and savings are played.
 */
export function deathOf(seed: number, life: number, isSlow: boolean): Death {
  const draw = drawOf(seed, 'deaths', life);
  const turn = life % 6;
  const when = draw.oneOf(['before', 'after'] as const);
  if (turn === 4) return { kind: 'time', afterMs: draw.whole(20, timeMsMax) };
  if (turn === 5) return { kind: 'call', call: draw.whole(1, callsMax), when };
  const turns = Math.floor(life / 6) * 4 + turn;
  const all = isSlow ? [...slowEffects, ...effects] : effects;
  const effect = all[Math.floor(turns / 2) % all.length] as string;
  return {
    kind: 'effect',
    effect,
    nth: draw.whole(1, nthMax(effect)),
    when: turns % 2 === 0 ? 'before' : 'after',
    callsMax: isSlow ? lifeCallsMax : null,
  };
}

/** Those that are called for every order die anywhere among them, the others early enough to be reached. */
function nthMax(effect: string): number {
  if (/^transfers| of /.test(effect)) return 2;
  if (/^(gateway|orders\.(intend|update)|ledger\.(post|recordFills))/.test(effect)) return 60;
  return /^(lease\.isHeld|state\.sendingState|reader\.quote)/.test(effect) ? 12 : 2;
}

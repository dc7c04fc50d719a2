/**
 * Leaving now, not at the next slot: venues and coins that are to be left and where legs still hold something.
 *
 * Judged by the ledger, not by what a decision has seen: one that stood, or a guard's own record, has closed nothing. It is
 * asked for again, at a pace, until what is left is less than a venue takes.
 */
import { absolute, add, compare, isZero, multiply, zero } from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import { type Exposure, exposures, type Leg } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { stablecoinsOf } from '../domain/universe.ts';
import { type Balance, heldByLeg } from '../ledger/book.ts';
import { readPegs } from './pegMemory.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

/** A decision that was asked for, or has seen it, is given this long to close. */
const pauseMs = 300_000;

type Exit =
  | { readonly kind: 'venue'; readonly name: VenueId }
  | { readonly kind: 'coin'; readonly name: string };

/**
 * @param ask asks for a rebalance; where it throws, nothing is noted, and the next call asks again.
 * @returns venues and coins that it was asked for; none while trading is halted.
 */
export async function leaveExits(
  ports: Ports,
  policy: Policy,
  ask: () => Promise<void>,
): Promise<readonly string[]> {
  const { portfolio } = policy;
  const exits = await exitsOf(ports, policy);
  if (exits.length === 0 || (await ports.state.halt(portfolio)).halted) return [];
  const [balances, latest] = await Promise.all([
    ports.ledger.balances(portfolio),
    ports.decisions.latest(portfolio),
  ]);
  const held = exits.filter((exit) => isHeld(policy.legs, exit, balances, latest?.snapshot));
  const nowMs = ports.clock.nowMs();
  const due: Exit[] = [];
  for (const exit of held) {
    const askedAtMs = await ports.state.cursor(askedCursor(portfolio, exit));
    const triedAtMs = Math.max(askedAtMs ?? 0, seenAtMs(exit, latest));
    if (nowMs - triedAtMs >= pauseMs) due.push(exit);
  }
  if (due.length === 0) return [];
  await ask();
  for (const exit of due) await ports.state.setCursor(askedCursor(portfolio, exit), nowMs);
  return due.map(({ name }) => name);
}

const askedCursor = (portfolio: string, { kind, name }: Exit): string =>
  `leaveAsked|${portfolio}|${kind}|${name}`;

async function exitsOf(ports: Ports, policy: Policy): Promise<readonly Exit[]> {
  const states = await Promise.all(
    [...ports.venues.keys()].map(async (name) => {
      const state = (await ports.state.venueState(name))?.state;
      return state === 'exit' ? [{ kind: 'venue' as const, name }] : [];
    }),
  );
  const pegs = await readPegs(ports, policy.portfolio, stablecoinsOf(policy));
  const coins = Object.keys(pegs).filter((coin) => pegs[coin] === 'exit');
  return [...states.flat(), ...coins.map((name) => ({ kind: 'coin' as const, name }))];
}

/** When a decision last saw it; the guard's records and a flatten's close other things, or everything. */
function seenAtMs(exit: Exit, latest: DecisionRecord | null): number {
  if (latest === null || latest.trigger === 'guard' || latest.trigger === 'flatten') return 0;
  const { snapshot, decision } = latest;
  const state =
    exit.kind === 'venue'
      ? snapshot.venues.find(({ id }) => id === exit.name)?.health.state
      : snapshot.pegs?.[exit.name];
  return state === 'exit' ? decision.decidedAtMs : 0;
}

/** By instrument: what two legs hold against each other in one is nothing at the venue. */
function isHeld(
  legs: readonly Leg[],
  exit: Exit,
  balances: readonly Balance[],
  snapshot: Snapshot | undefined,
): boolean {
  const own = legs.filter((leg) => isOf(leg, exit));
  const places = new Map(
    own.flatMap((leg) => exposures(leg).map((each) => [each.instrument, { leg, each }] as const)),
  );
  return [...places.values()].some(({ leg, each }) => {
    const holders = own
      .filter((one) => exposures(one).some(({ instrument }) => instrument === each.instrument))
      .map(({ id }) => id);
    const parts = heldByLeg(balances, leg.venue, each.symbol, holders);
    const amount = parts.reduce((sum, part) => add(sum, part.amount), zero);
    return !isZero(amount) && !isDust(absolute(amount), each, snapshot);
  });
}

/** Those that a decision closes for it. */
function isOf(leg: Leg, exit: Exit): boolean {
  if (exit.kind === 'venue') return leg.venue === exit.name;
  if (leg.kind === 'lending') return leg.coin === exit.name;
  return leg.kind === 'stable' && leg.symbol.split('/')[0] === exit.name;
}

/** Less than one order that the venue takes, which it may be of a whole perpetual whatever that is worth. */
function isDust(
  amount: Balance['amount'],
  { instrument: id }: Exposure,
  snapshot: Snapshot | undefined,
): boolean {
  const seen = snapshot?.instruments.find(({ instrument }) => instrument.id === id);
  if (seen === undefined) return false;
  const { quantityMinBase, notionalMinQuote, kind } = seen.instrument;
  if (compare(amount, quantityMinBase) < 0) return true;
  if (kind === 'perpetual' || seen.quote.kind === 'unknown') return false;
  return compare(multiply(amount, seen.quote.value.mark), notionalMinQuote) < 0;
}

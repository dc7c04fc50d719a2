/**
 * The pre-trade check of a plan: every order against every gate that concerns it, on the account as it would be then.
 *
 * Orders are judged in the order in which they are sent, each on the account that the approved ones before it leave; a pair
 * stands or falls as one.
 */
import { add, type DecimalText, decimal, multiply, subtract, zero } from '../domain/decimal.ts';
import type { Denial } from '../domain/denial.ts';
import type { VenueId } from '../domain/ids.ts';
import { observed } from '../domain/observed.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { afterOrders, coinStress, riskOf, signedQuantity } from '../execution/orderRisk.ts';
import type { StressScenario } from '../margin/scenarios.ts';
import { bookScenarios, heldQuantities, type Quantities } from '../parity/sizing/accounts.ts';
import type { Book } from '../parity/sizing/book.ts';
import type { ApprovedOrder } from './approvedOrder.ts';
import type { GateFacts } from './gate.ts';
import { judgeOrder } from './gates.ts';
import { cashNeed } from './orderGates.ts';
import { portfolioFacts, quantitiesInFlight } from './portfolioFacts.ts';
import { seal } from './seal.ts';

export type CheckedPlan = {
  readonly approved: readonly ApprovedOrder[];
  readonly denials: readonly Denial[];
};

type Wallets = ReadonlyMap<VenueId, Readonly<Record<string, DecimalText>>>;

/** What the approved orders so far have made of the account. */
type Standing = {
  readonly quantities: Quantities;
  /** Without orders in flight: what a reduce-only order finds. */
  readonly held: Quantities;
  readonly wallets: Wallets;
  readonly sentByVenue: ReadonlyMap<VenueId, number>;
};

export function checkPlan(book: Book, orders: readonly PlannedOrder[]): CheckedPlan {
  const scenarios = bookScenarios(book);
  const stress = coinStress(book);
  const approved: ApprovedOrder[] = [];
  const denials: Denial[] = [];
  let standing = startOf(book);
  for (const planned of groupsOf(orders)) {
    // An order before it may have been denied: what this one does to the risk is judged on what is really there.
    const risk = riskOf(book, stress, standing.quantities, planned);
    const group = planned.map((order) => ({ ...order, risk }));
    const found = judgeGroup(book, group, standing, scenarios);
    denials.push(...found);
    if (found.length > 0) continue;
    approved.push(...group.map(seal));
    standing = afterGroup(book, group, standing);
  }
  return { approved, denials };
}

/** Halves of one pair that stand side by side are one group. */
function groupsOf(orders: readonly PlannedOrder[]): readonly PlannedOrder[][] {
  const groups: PlannedOrder[][] = [];
  for (const order of orders) {
    const last = groups.at(-1);
    if (order.pair !== null && last?.[0]?.pair === order.pair) last.push(order);
    else groups.push([order]);
  }
  return groups;
}

function startOf(book: Book): Standing {
  return {
    quantities: quantitiesInFlight(book),
    held: heldQuantities(book),
    wallets: new Map(
      book.venues.map(({ venue, account }) => [
        venue,
        Object.fromEntries(account.coins.map((coin) => [coin.coin, coin.free])),
      ]),
    ),
    sentByVenue: new Map(
      book.venues.map(({ venue, observation }) => [venue, observation.ordersLastMinute]),
    ),
  };
}

function judgeGroup(
  book: Book,
  group: readonly PlannedOrder[],
  standing: Standing,
  scenarios: readonly StressScenario[],
): readonly Denial[] {
  const after = afterOrders(book, standing.quantities, group);
  const denials: (Denial | null)[] = [];
  let within = standing;
  for (const order of group) {
    denials.push(judgeOrder(order, factsOf(book, order, within, after, scenarios)));
    within = afterGroup(book, [order], within);
  }
  const first = denials.find((denial) => denial !== null);
  if (first === undefined || first === null) return [];
  return group.map((order, index) => {
    const own = denials[index];
    if (own !== null && own !== undefined) return own;
    const message = `the other half of pair ${order.pair} must pass too, was denied: ${first.message}`;
    return { ...first, instrument: order.instrument, message };
  });
}

function factsOf(
  book: Book,
  order: PlannedOrder,
  standing: Standing,
  after: Quantities,
  scenarios: readonly StressScenario[],
): GateFacts {
  const { snapshot, policy } = book;
  const seen = book.instrumentById.get(order.instrument);
  const venue = book.venueById.get(order.venue);
  if (seen === undefined || venue === undefined) {
    throw new RangeError(`a plan may only hold observed instruments, was ${order.instrument}`);
  }
  return {
    purpose: 'plan',
    nowMs: snapshot.observedAtMs,
    deadlineMs: null,
    halted: snapshot.halt.halted,
    haltReason: snapshot.halt.reason,
    noIncrease: false,
    discrepancies: snapshot.discrepancies,
    instrument: seen.instrument,
    quote: seen.observation.quote,
    positionBase: observed(
      decimal(standing.held.get(order.instrument) ?? 0),
      snapshot.observedAtMs,
    ),
    venueState: venue.observation.health.state,
    clockOffsetMs: venue.observation.clockOffsetMs,
    positionMode: venue.account.positionMode,
    ordersLastMinute: standing.sentByVenue.get(order.venue) ?? 0,
    repeats: snapshot.repeatsByInstrument[order.instrument] ?? 0,
    isOrderUnknown: snapshot.openOrders.some(
      (each) =>
        each.instrument === order.instrument &&
        // Whoever recorded the intent and died may have sent it.
        (each.state === 'unknown' || each.state === 'intended'),
    ),
    isForeignActive: snapshot.foreignInstruments?.includes(order.instrument) === true,
    freeByCoin: standing.wallets.get(order.venue) ?? {},
    portfolio: portfolioFacts(book, order, after, scenarios),
    limits: policy.limits,
  };
}

function afterGroup(book: Book, group: readonly PlannedOrder[], before: Standing): Standing {
  const wallets = new Map(before.wallets);
  const sentByVenue = new Map(before.sentByVenue);
  const held = new Map(before.held);
  for (const order of group) {
    sentByVenue.set(order.venue, (sentByVenue.get(order.venue) ?? 0) + 1);
    held.set(order.instrument, (held.get(order.instrument) ?? 0) + signedQuantity(order));
    wallets.set(order.venue, walletAfter(book, order, wallets.get(order.venue) ?? {}));
  }
  return { quantities: afterOrders(book, before.quantities, group), held, wallets, sentByVenue };
}

/** A redemption that takes time brings nothing that this plan could spend. */
function walletAfter(
  book: Book,
  order: PlannedOrder,
  wallet: Readonly<Record<string, DecimalText>>,
): Readonly<Record<string, DecimalText>> {
  const instrument = book.instrumentById.get(order.instrument)?.instrument;
  if (instrument === undefined || instrument.kind === 'perpetual') return wallet;
  const after = { ...wallet };
  const need = cashNeed(order, { instrument });
  if (need !== null) after[need.coin] = subtract(after[need.coin] ?? zero, need.amount);
  const kept = 1 - instrument.takerFeeRate;
  const receive = (coin: string, amount: DecimalText) => {
    after[coin] = add(after[coin] ?? zero, amount);
  };
  if (order.action === 'buy') receive(instrument.baseCoin, multiply(order.quantityBase, kept));
  if (order.action === 'sell') {
    const price = order.limitPrice ?? decimal(order.decisionPrice);
    receive(instrument.quoteCoin, multiply(multiply(order.quantityBase, price), kept));
  }
  if (order.action === 'redeem' && instrument.redemptionMs === 0) {
    receive(instrument.baseCoin, order.quantityBase);
  }
  return after;
}

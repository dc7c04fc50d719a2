/**
 * Time of an order: through ccxt alone, and through the line from the recorded decision to the venue's acknowledgement.
 *
 * Both send the same order to the same simulated exchange, in turns, so that a busy machine slows both. Ours includes fresh
 * checks, the intent committed on PostgreSQL and the lease asked; then, apart, the way on from the acknowledgement to the
 * fill in the ledger. The overhead of an order is the difference of neighbours, divided by the orders of a round.
 */
import { rebalanceId } from '../../src/domain/ids.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { median, printFigure, quantile, rounded } from './figure.ts';
import { observeTemplate, orderOf, type Template, venueOf, withQuotes } from './smallOrders.ts';
import { openTradingRig, symbols, type TradingRig } from './tradingRig.ts';

/** Prints the figures for rounds of one order and of fifty at once. */
export async function benchOrder(): Promise<void> {
  const rig = await openTradingRig();
  try {
    const template = await observeTemplate(rig);
    for (const { orders, rounds, warmUp } of [
      { orders: 1, rounds: 300, warmUp: 100 },
      { orders: 50, rounds: 40, warmUp: 10 },
    ]) {
      const taken: Round[] = [];
      for (let round = 0; round < warmUp + rounds; round++) {
        const one = await takeRound(rig, template, { orders, round });
        if (round >= warmUp) taken.push(one);
      }
      print(orders, taken);
    }
  } finally {
    await rig.close();
  }
}

/** Milliseconds, one number an order; `ours` from the recorded decision, `raw` from the call. */
type Round = {
  readonly recordMs: number;
  readonly raw: readonly number[];
  readonly ours: readonly number[];
  readonly ledger: readonly number[];
};

async function takeRound(
  rig: TradingRig,
  template: Template,
  { orders: count, round }: { readonly orders: number; readonly round: number },
): Promise<Round> {
  const action = round % 2 === 0 ? 'buy' : 'sell';
  const snapshot = await withQuotes(rig.ports, template.snapshot, Math.min(count, symbols.length));
  const orders = Array.from({ length: count }, (_, index) => orderOf(snapshot, index, action));
  const rawFirst = round % 4 < 2;
  const first = rawFirst ? await sendRaw(rig, orders) : null;
  const ours = await sendOurs(rig, { ...template, snapshot }, orders, `bench-${count}-${round}`);
  return { ...ours, raw: first ?? (await sendRaw(rig, orders)) };
}

async function sendRaw({ raw }: TradingRig, orders: readonly PlannedOrder[]) {
  const from = performance.now();
  return await Promise.all(
    orders.map(async ({ symbol, action, quantityBase, limitPrice }) => {
      const params = { timeInForce: 'IOC' };
      const price = limitPrice ?? undefined;
      await raw.createOrder(symbol, 'limit', action, quantityBase, price, params);
      return performance.now() - from;
    }),
  );
}

async function sendOurs(
  { ports, policy }: TradingRig,
  { snapshot, explanation }: Template,
  orders: readonly PlannedOrder[],
  name: string,
): Promise<Omit<Round, 'raw'>> {
  const id = rebalanceId(name);
  const nowMs = ports.clock.nowMs();
  const lease = await ports.lease.acquire('bench');
  if (lease === null) throw new Error('the lease is held by another');
  const recordFrom = performance.now();
  const record: DecisionRecord = await ports.decisions.record({
    rebalanceId: id,
    portfolio: 'bench',
    trigger: 'manual',
    scheduledAtMs: nowMs,
    codeVersion: 'bench',
    policy,
    snapshot: { ...snapshot, rebalanceId: id },
    decision: {
      kind: 'trade',
      rebalanceId: id,
      decidedAtMs: nowMs,
      deadlineMs: nowMs + policy.execution.deadlineMs,
      orders,
      denials: [],
      explanation,
    },
  });
  const recordMs = performance.now() - recordFrom;
  const { ours, ledger } = await timed(ports, record, lease);
  await lease.release();
  if (ours.length !== orders.length || ledger.length !== orders.length) {
    throw new Error(`sent ${ours.length}, booked ${ledger.length} of ${orders.length} orders`);
  }
  return { recordMs, ours, ledger };
}

/** Runs the decision with a watch on the venue's answers and on the ledger. */
async function timed(ports: Ports, record: DecisionRecord, lease: HeldLease) {
  const from = performance.now();
  const acked = new Map<string, number>();
  const ledger: number[] = [];
  const { reader, gateway } = venueOf(ports);
  const watched: Ports = {
    ...ports,
    venues: new Map([
      [
        reader.id,
        {
          reader,
          gateway: {
            ...gateway,
            send: async (order, row) => {
              const outcome = await gateway.send(order, row);
              acked.set(row.clientOrderId, performance.now());
              return outcome;
            },
          },
        },
      ],
    ]),
    ledger: {
      ...ports.ledger,
      recordFills: async (portfolio, fills) => {
        await ports.ledger.recordFills(portfolio, fills);
        for (const id of new Set(fills.map((fill) => fill.clientOrderId))) {
          const at = acked.get(id ?? '');
          if (at !== undefined) ledger.push(performance.now() - at);
        }
      },
    },
  };
  // As the line does with what it has just recorded.
  const outcome = await execute(watched, record, lease, { isNew: true });
  if (outcome !== 'complete') throw new Error(`every order must fill, was ${outcome}`);
  return { ours: [...acked.values()].map((at) => at - from), ledger };
}

function print(orders: number, rounds: readonly Round[]): void {
  const spread = (values: readonly number[]) => ({
    p50: rounded(median(values)),
    p99: rounded(quantile(values, 0.99)),
  });
  const overhead = rounds.map(({ ours, raw }) => (Math.max(...ours) - Math.max(...raw)) / orders);
  const detail = { orders, rounds: rounds.length };
  const figure = (name: string, values: readonly number[]) =>
    printFigure(name, median(values), 'ms', { ...detail, ...spread(values) });
  figure(
    'order.rawAck',
    rounds.flatMap(({ raw }) => raw),
  );
  figure(
    'order.decisionToAck',
    rounds.flatMap(({ ours }) => ours),
  );
  figure('order.overheadPerOrder', overhead);
  const ratio = median(overhead) / median(rounds.map(({ raw }) => Math.max(...raw) / orders));
  // Load slows both alike, so this holds also where the milliseconds do not.
  printFigure('order.overheadOverRaw', ratio, 'ratio', detail);
  figure(
    'order.ackToLedger',
    rounds.flatMap(({ ledger }) => ledger),
  );
  figure(
    'order.recordDecision',
    rounds.map(({ recordMs }) => recordMs),
  );
}

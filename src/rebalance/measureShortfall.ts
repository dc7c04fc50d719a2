/** What a rebalance really cost against the marks of its decision, per instrument and in all, from its records and booked fills. */
import type { InstrumentId } from '../domain/ids.ts';
import { inBps, type Shortfall, shortfallOf, sumShortfalls } from '../execution/shortfall.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

export type MeasuredShortfall = {
  readonly whole: Shortfall;
  readonly byInstrument: ReadonlyMap<InstrumentId, Shortfall>;
  /** Attempts with fills of which it cannot be said: no arrival, or a coin without a worth. */
  readonly unmeasured: number;
};

export async function measureShortfall(
  { orders, ledger }: Pick<Ports, 'orders' | 'ledger'>,
  { rebalanceId, snapshot }: Pick<DecisionRecord, 'rebalanceId' | 'snapshot'>,
): Promise<MeasuredShortfall> {
  const [records, fills] = await Promise.all([
    orders.ofRebalance(rebalanceId),
    ledger.fillsOf(rebalanceId),
  ]);
  const { unit } = snapshot;
  const usd = (coin: string): number | null =>
    unit.kind === 'known' ? (unit.usdByCoin[coin] ?? null) : null;
  const quoteCoins = new Map(
    snapshot.instruments.map(({ instrument }) => [instrument.id, instrument.quoteCoin]),
  );
  const byInstrument = new Map<InstrumentId, Shortfall>();
  let unmeasured = 0;
  for (const record of records) {
    const own = fills.filter((fill) => fill.clientOrderId === record.clientOrderId);
    if (own.length === 0 || record.timeInForce === 'none') continue;
    const quoteCoin = quoteCoins.get(record.instrument) ?? '';
    const measured = shortfallOf(record, own, quoteCoin, usd);
    if (measured === null) {
      unmeasured += 1;
      continue;
    }
    const before = byInstrument.get(record.instrument);
    byInstrument.set(
      record.instrument,
      sumShortfalls(before === undefined ? [measured] : [before, measured]),
    );
  }
  return { whole: sumShortfalls([...byInstrument.values()]), byInstrument, unmeasured };
}

/** One event an instrument, one of the whole; nothing where nothing was filled. */
export async function reportShortfall(ports: Ports, record: DecisionRecord): Promise<void> {
  const { whole, byInstrument, unmeasured } = await measureShortfall(ports, record);
  const { rebalanceId } = record;
  for (const [instrument, shortfall] of byInstrument) {
    const bps = rounded(inBps(shortfall));
    ports.reporter.event({ event: 'orderShortfall', rebalanceId, instrument, bps });
  }
  const bps = inBps(whole);
  if (bps === null) return;
  ports.reporter.event({
    event: 'shortfall',
    rebalanceId,
    bps: rounded(bps),
    totalUsd: Math.round(whole.totalUsd * 100) / 100,
    notionalUsd: Math.round(whole.notionalUsd),
    unmeasured,
  });
}

/** A hundredth of a basis point is below any tick. */
const rounded = (bps: ReturnType<typeof inBps>): ReturnType<typeof inBps> =>
  bps === null
    ? null
    : (Object.fromEntries(
        Object.entries(bps).map(([part, value]) => [part, Math.round(value * 100) / 100]),
      ) as NonNullable<typeof bps>);

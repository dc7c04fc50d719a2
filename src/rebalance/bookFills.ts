/** Fills and internal crosses of a decision into the ledger, attributed to the legs whose wants they serve. */
import { type DecimalText, negate } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import {
  fillWeights,
  netChanges,
  type Part,
  type WantedChange,
  wantedChanges,
} from '../ledger/attribution.ts';
import { crossTransaction, fillTransaction } from '../ledger/tradeTransaction.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

type Wants = { readonly wanted: readonly WantedChange[]; readonly held: readonly Part[] };

/** What the legs wanted of an instrument when the decision was made: a pure function of the record, so the same after a crash. */
function wantsOf(record: DecisionRecord, instrument: InstrumentId): Wants {
  const target = record.decision.explanation?.instruments.find(
    (one) => one.instrument === instrument,
  );
  const held = record.snapshot.holdings
    .filter((holding) => holding.instrument === instrument)
    .map(({ leg, amount }) => ({ leg, amount }));
  return { wanted: wantedChanges(target?.parts ?? [], held), held };
}

/** Idempotent: a fill that is in the ledger stays as it is. */
export async function bookFills(
  ports: Ports,
  record: DecisionRecord,
  instrument: Instrument,
  fills: readonly Fill[],
): Promise<void> {
  const { wanted, held } = wantsOf(record, instrument.id);
  const transactions = fills.map((fill) => {
    const signed: DecimalText = fill.side === 'buy' ? fill.quantityBase : negate(fill.quantityBase);
    const weights = fillWeights(wanted, held, signed);
    return fillTransaction(fill, { instrument, weights, rebalanceId: record.rebalanceId });
  });
  // Entries first: a remembered fill is taken as booked by whoever goes on after a crash.
  await ports.ledger.post(record.portfolio, transactions);
  await ports.ledger.recordFills(record.portfolio, fills);
}

/** Legs that want opposite changes of one instrument pass them to each other at the decision's mark. */
export async function bookCrosses(ports: Ports, record: DecisionRecord): Promise<void> {
  const { snapshot, decision, rebalanceId } = record;
  const crosses = snapshot.instruments.flatMap(({ instrument, quote }) => {
    if (quote.kind === 'unknown') return [];
    const { wanted } = wantsOf(record, instrument.id);
    const netted = netChanges(wanted, instrument.quantityStepBase);
    const transaction = crossTransaction({
      instrument,
      crosses: netted.crosses,
      mark: quote.value.mark,
      rebalanceId,
      atMs: decision.decidedAtMs,
    });
    return transaction === null ? [] : [transaction];
  });
  if (crosses.length > 0) await ports.ledger.post(record.portfolio, crosses);
}

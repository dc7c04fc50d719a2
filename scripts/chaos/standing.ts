/**
 * What of the carry legs stands unhedged at the end, by the ledger, whoever traded it: after a rebalance that nothing disturbed
 * each leg must be short of its perpetual what it holds of its coin.
 */
import { add, type DecimalText, toNumber, zero } from '../../src/domain/decimal.ts';
import { type CarryLeg, exposures } from '../../src/domain/leg.ts';
import type { Balance } from '../../src/ledger/book.ts';
import { legHoldings } from '../../src/rebalance/legHoldings.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';

export type Standing = { readonly usd: number; readonly said: string };

/** A drift within the bands is left alone by every decision. @param latest what the last decision saw. */
export function standingUnhedged(
  { snapshot, policy }: Pick<DecisionRecord, 'snapshot' | 'policy'>,
  balances: readonly Balance[],
): readonly Standing[] {
  const instruments = snapshot.instruments.map(({ instrument }) => instrument);
  const holdings = legHoldings(balances, policy.legs, instruments);
  const carries = policy.legs.filter((leg): leg is CarryLeg => leg.kind === 'carry');
  return carries.flatMap((leg) => {
    const halves = exposures(leg).map(({ instrument }) => {
      const seen = snapshot.instruments.find((one) => one.instrument.id === instrument);
      const mark = seen?.quote.kind === 'observed' ? seen.quote.value.mark : Number.NaN;
      const ofAll = holdings.filter((one) => one.instrument === instrument);
      const heldBase = sumOf(ofAll.filter((one) => one.leg === leg.id));
      const nettedUsd = Math.abs(toNumber(sumOf(ofAll))) * mark;
      const usd = toNumber(heldBase) * mark;
      const largestUsd = Math.max(nettedUsd, Math.abs(usd));
      return { usd, largestUsd, leastUsd: leastUsd(seen, mark), heldBase };
    });
    const unhedgedUsd = Math.abs(halves.reduce((sum, half) => sum + half.usd, 0));
    // Each instrument is left alone within a band of its own, that of all its legs: at the worst the halves stand apart by both.
    const bothUsd = halves.reduce((sum, half) => sum + half.largestUsd, 0);
    const band = policy.sizing.driftBandShare * bothUsd;
    const least = Math.max(...halves.map((half) => half.leastUsd));
    if (unhedgedUsd <= band + least) return [];
    const held = halves.map((half) => half.heldBase).join(' and ');
    return [{ usd: Math.round(unhedgedUsd * 100) / 100, said: `${leg.id}: ${held}` }];
  });
}

const sumOf = (held: readonly { readonly amount: DecimalText }[]): DecimalText =>
  held.reduce<DecimalText>((sum, one) => add(sum, one.amount), zero);

type Seen = DecisionRecord['snapshot']['instruments'][number] | undefined;

const leastUsd = (seen: Seen, mark: number): number =>
  seen === undefined
    ? 0
    : Math.max(
        seen.instrument.notionalMinQuote,
        toNumber(seen.instrument.quantityMinBase) * mark,
        toNumber(seen.instrument.quantityStepBase) * mark,
      );

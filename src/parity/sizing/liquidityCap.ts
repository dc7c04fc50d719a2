/**
 * What a leg may be worth so that it can be left again: within a horizon at a share of the daily volume, and at an impact within a
 * budget by the square-root law. The narrowest of its markets counts.
 *
 * A volume that could not be read lets nothing grow; one that the venue does not state leaves the cap to the book's depth.
 */
import { exposures, type Leg } from '../../domain/leg.ts';
import { capacityUsd, exitableUsd } from '../../signals/liquidity/impact.ts';
import type { Book, BookInstrument } from './book.ts';
import { tradedOf } from './marketSigns.ts';

export type VolumeCap = { readonly limitUsd: number; readonly lifts: string };

/** Monotone in volume, horizon, participation and budget; none where signals are not asked for. */
export function volumeCaps(book: Book, leg: Leg): readonly VolumeCap[] {
  const { signals } = book.policy;
  if (signals === undefined) return [];
  const { exitHorizonDays, exitParticipationShare, impactBpsMax, impactCoefficient } = signals;
  return exposures(leg).flatMap(({ instrument, symbol }): readonly VolumeCap[] => {
    const seen = book.instrumentById.get(instrument);
    if (seen === undefined) return [];
    const traded = tradedOf(book, seen);
    if (traded.kind === 'notOffered') return [];
    if (traded.kind === 'unknown') {
      return [
        { limitUsd: 0, lifts: `the volume of ${symbol}, which is unknown: ${traded.reason}` },
      ];
    }
    const { volumeDailyUsd, volatilityDaily } = traded.value;
    const market = { volumeDailyUsd, volatilityDaily, coefficient: impactCoefficient };
    const volume = Math.round(volumeDailyUsd).toLocaleString('en-US');
    return [
      {
        limitUsd: exitableUsd(exitHorizonDays, volumeDailyUsd, exitParticipationShare),
        lifts: `more volume in ${symbol} than ${volume} USD a day, a longer signals.exitHorizonDays than ${exitHorizonDays}, or a higher signals.exitParticipationShare than ${exitParticipationShare}`,
      },
      ...(volatilityDaily > 0
        ? [
            {
              limitUsd: capacityUsd(impactBpsMax, market),
              lifts: `more volume in ${symbol} than ${volume} USD a day, or a higher signals.impactBpsMax than ${impactBpsMax}`,
            },
          ]
        : []),
    ];
  });
}

/** The value whose impact is a slice's budget; without an end where the market's volume is not known. */
export function sliceCapacityUsd(book: Book, held: BookInstrument): number {
  const { signals } = book.policy;
  const traded = tradedOf(book, held);
  if (signals === undefined || traded.kind !== 'observed') return Number.POSITIVE_INFINITY;
  const { volatilityDaily } = traded.value;
  if (!(volatilityDaily > 0)) return Number.POSITIVE_INFINITY;
  const market = { ...traded.value, coefficient: signals.impactCoefficient };
  return capacityUsd(signals.sliceImpactBpsMax, market);
}

/**
 * The repeated-execution throttle, once it has struck, stays shut until a person resumes: a restart or a late fill does not
 * open it (RTS 6, article 15(3)).
 *
 * Kept as a time per instrument; what is older than the last `resume` is over.
 */
import type { Denial } from '../domain/denial.ts';
import type { InstrumentId } from '../domain/ids.ts';
import { exposures } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { Ports } from './ports.ts';

export type Repeats = Readonly<Record<InstrumentId, number>>;

const resumedCursor = 'repeatsResumed';
const struckCursor = (instrument: InstrumentId) => `repeatsStruck|${instrument}`;

/** Remembers what the gate has denied. */
export async function latchRepeats(
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  denials: readonly Denial[],
): Promise<void> {
  for (const { code, instrument } of denials) {
    if (code !== 'REPEATED_EXECUTION' || instrument === null) continue;
    await state.setCursor(struckCursor(instrument), clock.nowMs());
  }
}

/** Opens it for all instruments: a person's act. */
export const releaseRepeats = ({ state, clock }: Pick<Ports, 'state' | 'clock'>): Promise<void> =>
  state.setCursor(resumedCursor, clock.nowMs());

/**
 * Orders without a fill by instrument, as the gate is to judge them: at least the limit where it has struck, none from before
 * a person resumed.
 */
export async function readRepeats(
  { state, orders }: Pick<Ports, 'state' | 'orders'>,
  { portfolio, legs, limits }: Pick<Policy, 'portfolio' | 'legs' | 'limits'>,
): Promise<Repeats> {
  const resumedAtMs = await state.cursor(resumedCursor);
  const counted = await orders.repeats(portfolio, resumedAtMs ?? 0);
  const instruments = new Set(legs.flatMap((leg) => exposures(leg).map((one) => one.instrument)));
  const struck = await Promise.all(
    [...instruments].map(async (instrument) => {
      const atMs = await state.cursor(struckCursor(instrument));
      const isShut = atMs !== null && atMs > (resumedAtMs ?? Number.NEGATIVE_INFINITY);
      return isShut
        ? [[instrument, Math.max(counted[instrument] ?? 0, limits.repeatsMax)] as const]
        : [];
    }),
  );
  return { ...counted, ...Object.fromEntries(struck.flat()) };
}

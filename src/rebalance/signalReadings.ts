/**
 * Asking for signals within bounds, and remembering them: so many calls and so much time an observation, one reading an hour.
 *
 * What the world does not answer is unknown; what a venue has not got is not offered. A series is measured against what was
 * remembered of its last days, without the reading itself.
 */
import type { SeriesValue, Signal } from '../domain/marketSignals.ts';
import { notOffered } from '../domain/marketSignals.ts';
import { observed, unknown } from '../domain/observed.ts';
import type { SignalsPolicy } from '../domain/signalsPolicy.ts';
import { momentsOf } from '../signals/moments.ts';
import { attempt } from './attempt.ts';
import type { Reading } from './ports/stores.ts';
import type { Ports } from './ports.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

type Needs = Pick<Ports, 'clock' | 'history'>;

export type Ask = <T>(read: () => Promise<T | null>) => Promise<Signal<T>>;

/** One for an observation: calls and time run out together for all that is asked. */
export function askWithin(ports: Needs, policy: SignalsPolicy): Ask {
  const untilMs = ports.clock.nowMs() + policy.readMsMax;
  let calls = 0;
  return async (read) => {
    if (calls >= policy.callsMax)
      return unknown(`signals.callsMax of ${policy.callsMax} is used up`);
    if (ports.clock.nowMs() >= untilMs) {
      return unknown(`signals.readMsMax of ${policy.readMsMax} ms is used up`);
    }
    calls += 1;
    const found = await attempt(ports, read);
    if (found.kind === 'unknown') return found;
    return found.value === null ? notOffered : observed(found.value, found.observedAtMs);
  };
}

/** What an observed signal says, or the member that it is. A null of it is unknown. */
export function mapSignal<A, B>(
  signal: Signal<A>,
  map: (value: A) => B | null,
  reason: string,
): Signal<B> {
  if (signal.kind !== 'observed') return signal;
  const value = map(signal.value);
  return value === null ? unknown(reason) : observed(value, signal.observedAtMs);
}

/** Keeps readings under one stamp an hour, so that asking more often does not weigh more. */
export async function remember(
  ports: Needs,
  series: string,
  readings: readonly Reading[],
): Promise<void> {
  const hourly = readings
    .filter(({ value }) => Number.isFinite(value))
    .map(({ atMs, value }) => ({ atMs: Math.floor(atMs / hourMs) * hourMs, value }));
  await ports.history.saveReadings(series, hourly);
}

export const remembered = (
  ports: Needs,
  series: string,
  policy: SignalsPolicy,
): Promise<readonly Reading[]> => {
  const nowMs = ports.clock.nowMs();
  return ports.history.readings(series, nowMs - policy.historyDays * dayMs, nowMs + 1);
};

/** A present value, remembered and set beside what is remembered of it. */
export async function beside(
  ports: Needs,
  series: string,
  policy: SignalsPolicy,
  signal: Signal<number>,
): Promise<Signal<SeriesValue>> {
  if (signal.kind !== 'observed') return signal;
  const { value, observedAtMs } = signal;
  await remember(ports, series, [{ atMs: observedAtMs, value }]);
  const own = Math.floor(observedAtMs / hourMs) * hourMs;
  const past = (await remembered(ports, series, policy)).filter(({ atMs }) => atMs < own);
  return observed({ value, history: momentsOf(past.map((each) => each.value)) }, observedAtMs);
}

/** The newest of a series that the venue itself states, beside the others. */
export function newestBeside(
  readings: readonly Reading[],
  ageMsMax: number,
  nowMs: number,
): Signal<SeriesValue> {
  const newest = readings.at(-1);
  if (newest === undefined || newest.atMs < nowMs - ageMsMax) {
    return unknown(`its newest reading must be at most ${ageMsMax} ms old`);
  }
  const history = momentsOf(readings.slice(0, -1).map((each) => each.value));
  return observed({ value: newest.value, history }, newest.atMs);
}

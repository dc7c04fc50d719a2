/** Signals from one look to the next: what failed keeps the reading before it, what was never had is not offered. */
import type { Signal } from './observations.ts';

/** What was not read for so long is given up: the venue offers it no longer. */
const KEPT_MS = 7 * 86_400_000;

/** The reading before stays where a new one failed or is gone; its age tells. */
export function kept<T>(was: Signal<T>, now: Signal<T>, nowMs: number): Signal<T> {
  if (now.kind === 'observed' || was.kind !== 'observed') return now;
  return nowMs - was.observedAtMs <= KEPT_MS ? was : now;
}

/** null of an observed value: too little is known of the past, which is as if it were not offered. */
export function mapped<T, U>(signal: Signal<T>, to: (value: T) => U | null): Signal<U> {
  if (signal.kind !== 'observed') return signal;
  const value = to(signal.value);
  return value === null
    ? { kind: 'notOffered' }
    : { kind: 'observed', value, observedAtMs: signal.observedAtMs };
}

/** Signals from one look to the next: what failed keeps the reading before it, what was never had is not offered. */
import type { Signal } from './observations.ts';

/** A venue to compare with that was not read for so long is given up: it was taken out of the config. */
const COMPARED_MS = 7 * 86_400_000;

/** The reading before stays where a new one failed or is gone, for good: its age tells, and too old is unknown. */
export function kept<T>(was: Signal<T>, now: Signal<T>): Signal<T> {
  return now.kind === 'observed' || was.kind !== 'observed' ? now : was;
}

/** The same of what is compared between venues, where there is none other to compare with any more. */
export function keptWithoutOthers<T>(was: Signal<T>, nowMs: number): Signal<T> {
  const isNew = was.kind === 'observed' && nowMs - was.observedAtMs <= COMPARED_MS;
  return isNew ? was : { kind: 'notOffered' };
}

/** null of an observed value: too little is known of the past, which is as if it were not offered. */
export function mapped<T, U>(signal: Signal<T>, to: (value: T) => U | null): Signal<U> {
  if (signal.kind !== 'observed') return signal;
  const value = to(signal.value);
  return value === null
    ? { kind: 'notOffered' }
    : { kind: 'observed', value, observedAtMs: signal.observedAtMs };
}

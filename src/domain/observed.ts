/** A value read from the world with its time, or the reason why it is not known. Absence is a member, never a default. */
export type Observed<T> =
  | { readonly kind: 'observed'; readonly value: T; readonly observedAtMs: number }
  | { readonly kind: 'unknown'; readonly reason: string };

export const observed = <T>(value: T, observedAtMs: number): Observed<T> => ({
  kind: 'observed',
  value,
  observedAtMs,
});

export const unknown = <T>(reason: string): Observed<T> => ({ kind: 'unknown', reason });

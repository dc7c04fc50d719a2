/**
 * The venue's time: the machine's, possibly shifted to another date, or a number that only tests move.
 */
export type ClockChoice =
  | { readonly kind: 'virtual'; readonly nowMs: number }
  /** fromMs: the venue starts there and then runs at the machine's pace; absent: the machine's own time. */
  | { readonly kind: 'real'; readonly fromMs?: number };

export type Clock = {
  readonly kind: 'virtual' | 'real';
  /** Time of the venue now, given the time that the venue was last moved to. */
  readonly read: (venueMs: number) => number;
  /** Venue time less machine time; 0 on the virtual clock. */
  readonly offsetMs: number;
};

/** @param storedOffsetMs offset of an earlier run on the same state, which goes on. */
export function createClock(choice: ClockChoice, storedOffsetMs: number | null): Clock {
  if (choice.kind === 'virtual')
    return { kind: 'virtual', read: (venueMs) => venueMs, offsetMs: 0 };
  const chosen = choice.fromMs === undefined ? 0 : choice.fromMs - Date.now();
  const offsetMs = storedOffsetMs ?? chosen;
  return { kind: 'real', read: () => Date.now() + offsetMs, offsetMs };
}

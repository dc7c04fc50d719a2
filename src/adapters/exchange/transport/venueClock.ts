/**
 * The venue's time: ours plus an offset that is measured, the round trip halved, and bounded.
 *
 * A write is signed with the time at which its sender asked for leave, not with that of the signature: a process frozen in
 * between then signs a time that the venue's receive window refuses. Not every venue has such a window: what was asked for
 * longer ago than ours does not leave. Beyond the bound nothing is signed at all.
 */
import type { Clock } from '../../../rebalance/ports.ts';
import { createCallScope } from './callScope.ts';
import { NotSent } from './notSent.ts';

/** Beyond this the machine's clock is wrong, not adrift. */
const OFFSET_MS_MAX = 60_000;
/** Half of a round trip is how wrong the offset may be: beyond this it says nothing. */
const ERROR_MS_MAX = 5_000;

export type VenueClock = {
  /** The venue's time as far as it is known. */
  readonly nowMs: () => number;
  /** What a request is to be signed with, in whole ms. */
  readonly signingMs: () => number;
  /** Signs what `run` sends as if it were signed at our time `atMs`. */
  signedAt<T>(atMs: number, run: () => Promise<T>): Promise<T>;
  /** Right before a request leaves. @throws NotSent where `signedAt` has it signed for too long ago. */
  readonly refuseLate: () => void;
  /** Notes a reading of the venue's time. @returns the offset. @throws NotSent beyond the bounds, as `check` from then on. */
  note(reading: {
    readonly sentMs: number;
    readonly backMs: number;
    readonly venueMs: number;
  }): number;
  /** Whether the last reading was out of bounds. */
  isWrong(): boolean;
  /** @throws NotSent while it was. */
  readonly check: () => void;
};

/** @param windowMs how long after it was asked for a write may leave. */
export function createVenueClock(venue: string, clock: Clock, windowMs: number): VenueClock {
  const pinned = createCallScope<number>();
  let offsetMs = 0;
  let fault: string | null = null;

  const check = (): void => {
    if (fault === null) return;
    throw new NotSent('CLOCK_WRONG', `${venue}: ${fault}`, {
      retryable: false,
      remedy: 'set this machine’s clock by NTP, and check the line to the venue',
    });
  };

  const refuseLate = (): void => {
    const ageMs = clock.nowMs() - (pinned.get() ?? clock.nowMs());
    if (ageMs <= windowMs) return;
    throw new NotSent(
      'LATE',
      `${venue}: not sent: it was asked for ${Math.round(ageMs)} ms ago, ${windowMs} ms at most may pass`,
      { retryable: true, remedy: 'give the process more of the machine if it stays' },
    );
  };

  return {
    nowMs: () => clock.nowMs() + offsetMs,
    signingMs: () => Math.round((pinned.get() ?? clock.nowMs()) + offsetMs),
    signedAt: (atMs, run) => pinned.run(atMs, run),
    refuseLate,
    note: ({ sentMs, backMs, venueMs }) => {
      const found = venueMs - (sentMs + backMs) / 2;
      const errorMs = (backMs - sentMs) / 2;
      fault = faultOf(found, errorMs);
      check();
      offsetMs = found;
      return found;
    },
    isWrong: () => fault !== null,
    check,
  };
}

function faultOf(offsetMs: number, errorMs: number): string | null {
  if (Math.abs(offsetMs) > OFFSET_MS_MAX) {
    return `the venue's clock and ours differ by more than ${OFFSET_MS_MAX} ms, was ${Math.round(offsetMs)}`;
  }
  if (errorMs > ERROR_MS_MAX) {
    return `the venue's time is known to ${ERROR_MS_MAX} ms at best, was ${Math.round(errorMs)}`;
  }
  return null;
}

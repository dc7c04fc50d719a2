/** Gates on what is known: age of the data, the venue's clock, the account's mode, orders with an unknown outcome. */
import type { Gate } from './gate.ts';

export const dataGates: readonly Gate[] = [
  {
    code: 'STALE_DATA',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation:
      'New risk needs a fresh quote and a known position; getting out does not wait for them.',
    judge: (_, { nowMs, quote, positionBase, limits }) => {
      if (positionBase.kind === 'unknown') {
        return unknownData(`the position must be known, was unknown: ${positionBase.reason}`);
      }
      if (quote.kind === 'unknown') {
        return unknownData(`the quote must be known, was unknown: ${quote.reason}`);
      }
      const ageMs = nowMs - quote.observedAtMs;
      if (ageMs <= limits.dataAgeMsMax) return null;
      const message = `the quote must be at most ${limits.dataAgeMsMax} ms old, was ${ageMs}`;
      return { limit: limits.dataAgeMsMax, found: ageMs, message };
    },
  },
  {
    code: 'CLOCK_SKEW',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'The venue refuses what is too far off by itself.',
    judge: (_, { clockOffsetMs, limits }) => {
      if (clockOffsetMs.kind === 'unknown') {
        return unknownData(`the clock offset must be known, was unknown: ${clockOffsetMs.reason}`);
      }
      const offsetMs = Math.abs(clockOffsetMs.value);
      if (offsetMs <= limits.clockOffsetMsMax) return null;
      const message = `the clock offset must be at most ${limits.clockOffsetMsMax} ms, was ${offsetMs}`;
      return { limit: limits.clockOffsetMsMax, found: offsetMs, message };
    },
  },
  {
    code: 'HEDGE_MODE',
    holdsForReductions: true,
    holdsForRepairs: true,
    explanation: 'In hedge mode an order that is meant to reduce opens the other side.',
    judge: (_, { positionMode, instrument }) =>
      positionMode === 'hedge' && instrument.kind === 'perpetual'
        ? unknownData('the account must be in one-way mode, was hedge')
        : null,
  },
  {
    code: 'UNKNOWN_ORDER',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation:
      'Its risk stays reserved until it is found or provably absent; reduce-only cannot overshoot.',
    judge: (order, { isOrderUnknown }) =>
      isOrderUnknown
        ? unknownData(`no order in ${order.symbol} may have an unknown outcome, was one`)
        : null,
  },
  {
    code: 'FOREIGN_ORDER',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation:
      'Two hands on one position size it twice; getting out does not wait for the other.',
    judge: (order, { isForeignActive }) =>
      isForeignActive === true
        ? unknownData(`nobody else may trade ${order.symbol} in this account, was somebody`)
        : null,
  },
];

const unknownData = (message: string) => ({ limit: null, found: null, message });

/** Recorded series laid out by hour: slot i is the hour [startMs + i h, startMs + (i + 1) h), undefined where missing. */

import { HOUR_MS } from './hour.ts';
import type { Candle } from './market.ts';
import type { PriceObservation } from './recordedSeries.ts';

export type HourSlots = readonly (Candle | undefined)[];

export function slotsOf(candles: readonly Candle[], startMs: number, hours: number): HourSlots {
  const slots: (Candle | undefined)[] = Array.from({ length: hours });
  for (const candle of candles) {
    const slot = (candle.openMs - startMs) / HOUR_MS;
    if (Number.isInteger(slot) && slot >= 0 && slot < hours) slots[slot] = candle;
  }
  return slots;
}

/** The price at each full hour 0..hours: the last observation at or before it, undefined before the first. */
export function pricesAtHours(
  observations: readonly PriceObservation[],
  startMs: number,
  hours: number,
): readonly (number | undefined)[] {
  const prices: (number | undefined)[] = [];
  let next = 0;
  let price: number | undefined;
  for (let hour = 0; hour <= hours; hour += 1) {
    for (let seen = observations[next]; seen !== undefined; seen = observations[next]) {
      if (seen.timestampMs > startMs + hour * HOUR_MS) break;
      price = seen.priceUsd;
      next += 1;
    }
    prices.push(price);
  }
  return prices;
}

/**
 * The index of a perpetual: the spot's hours, where spot was out the last close before, where there was none yet the
 * first open after; the perpetual itself when there is no spot at all.
 */
export function indexSlots(spot: HourSlots, last: HourSlots): HourSlots {
  const first = spot.find((candle) => candle !== undefined);
  if (first === undefined) return last.map((candle) => candle && { ...candle, volumeBase: 0 });
  let carried = first.open;
  return spot.map((candle, slot) => {
    if (candle !== undefined) {
      carried = candle.close;
      return { ...candle, volumeBase: 0 };
    }
    const openMs = last[slot]?.openMs;
    return openMs === undefined ? undefined : flatCandle(openMs, carried);
  });
}

function flatCandle(openMs: number, price: number): Candle {
  return { openMs, open: price, high: price, low: price, close: price, volumeBase: 0 };
}

/** A stablecoin's hours against USDT: recorded where they are, else a line between the ratios of the USD prices. */
export function stablePairSlots(
  recorded: HourSlots,
  coinUsd: readonly (number | undefined)[],
  usdtUsd: readonly (number | undefined)[],
  startMs: number,
  assumedVolumeBase: number,
): HourSlots {
  const ratioAt = (hour: number) => {
    const coin = coinUsd[hour];
    const usdt = usdtUsd[hour];
    return coin === undefined || usdt === undefined ? undefined : roundRatio(coin / usdt);
  };
  return recorded.map((candle, slot) => {
    if (candle !== undefined) return candle;
    const open = ratioAt(slot);
    const close = ratioAt(slot + 1);
    if (open === undefined || close === undefined) return undefined;
    return {
      openMs: startMs + slot * HOUR_MS,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volumeBase: assumedVolumeBase,
    };
  });
}

function roundRatio(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/**
 * How much price moves per traded dollar, and how fast a market turns over.
 *
 * Amihud (2002) 10.1016/S1386-4181(01)00024-6: mean |r| ÷ dollar volume. Kyle (1985) 10.2307/1913210: slope of price changes on
 * signed volume. Volumes are the venue's own.
 */

/** Mean of |return| ÷ dollar volume over bars that traded; null where none did. Per USD. */
export function amihudPerUsd(
  returns: readonly number[],
  volumesUsd: readonly number[],
): number | null {
  let sum = 0;
  let bars = 0;
  for (const [i, volumeUsd] of volumesUsd.entries()) {
    const move = returns[i];
    if (move === undefined || !(volumeUsd > 0)) continue;
    sum += Math.abs(move) / volumeUsd;
    bars += 1;
  }
  return bars === 0 ? null : sum / bars;
}

/**
 * Kyle's lambda: least squares slope of price changes on signed volume, intercept included; price per unit of volume.
 *
 * @returns null where the volume does not vary.
 */
export function kyleLambda(
  priceChanges: readonly number[],
  signedVolumes: readonly number[],
): number | null {
  const bars = Math.min(priceChanges.length, signedVolumes.length);
  const mean = (xs: readonly number[]) => xs.slice(0, bars).reduce((sum, x) => sum + x, 0) / bars;
  const meanChange = mean(priceChanges);
  const meanVolume = mean(signedVolumes);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < bars; i += 1) {
    const volume = (signedVolumes[i] ?? 0) - meanVolume;
    covariance += volume * ((priceChanges[i] ?? 0) - meanChange);
    variance += volume * volume;
  }
  return variance > 0 ? covariance / variance : null;
}

/** Volume ÷ open interest over the same period: how often the open contracts change hands; null without open interest. */
export function turnoverRatio(volumeUsd: number, openInterestUsd: number): number | null {
  return openInterestUsd > 0 ? volumeUsd / openInterestUsd : null;
}

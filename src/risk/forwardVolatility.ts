/**
 * The forward look: what options imply is blended in, and hedging demand may raise the forecast.
 *
 *   blend² = (1 - share) estimate² + share implied²,  forecast = blend · (1 + raise), raise within 0…raiseMax
 * Demand never lowers it: a signal that calms is not worth a liquidation. Which share is best: the forecast scores.
 */
export function forwardVolatility(
  estimateAnnual: number,
  impliedAnnual: number | undefined,
  settings: {
    readonly impliedShare: number;
    readonly raiseShare: number;
    readonly raiseShareMax: number;
  },
): number {
  const share = impliedAnnual === undefined ? 0 : settings.impliedShare;
  const blend = Math.sqrt((1 - share) * estimateAnnual ** 2 + share * (impliedAnnual ?? 0) ** 2);
  return blend * (1 + Math.min(settings.raiseShareMax, Math.max(0, settings.raiseShare)));
}

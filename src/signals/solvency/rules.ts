/**
 * Thresholds of the solvency signals, and how long a reading is good for.
 *
 * They are calibrated on the labelled failures and survivals in scripts/solvencyEvents.ts. A notice calls for watching, an alarm
 * for no new exposure.
 */
export type Threshold = { readonly notice: number; readonly alarm: number };

export type SolvencyRules = {
  /** Withdrawals of any of these halted everywhere: exit at once. */
  readonly mainCoins: readonly string[];
  readonly withdrawalFeeRatio: Threshold;
  readonly netflow24hShare: Threshold;
  /** A daily outflow counts only if it is also this unusual. */
  readonly netflowRobustZ: number;
  readonly netflow7dShare: Threshold;
  readonly stableReserve7dShare: Threshold;
  readonly priceDislocationShare: Threshold;
  /** The alarm while withdrawals of a main coin are not fully open. */
  readonly priceDislocationShareShut: number;
  readonly fundingDislocationSd: Threshold;
  readonly ownTokenExcess24h: Threshold;
  readonly ownTokenReserveShare: Threshold;
  readonly mainCoinReserve7dShare: Threshold;
  readonly reserveRatioMin: number;
  readonly reserveReportAgeMsMax: number;
  readonly insurance8hShare: Threshold;
  readonly depthRatio: Threshold;
  /** Readings older than this are unknown: the venue's own switches, market signals, daily feeds. */
  readonly switchAgeMsMax: number;
  readonly marketAgeMsMax: number;
  readonly feedAgeMsMax: number;
  /** How long signals must be better than the state before it improves by one step. */
  readonly calmMs: number;
  readonly hazards: HazardRules;
};

/** Yearly default intensities that add up; the probability is 1 − e^(−sum). */
export type HazardRules = {
  /** 7.7 % a year, the realised rate of 100 rated exchanges (Agio, 2022 to 2026). */
  readonly base: number;
  readonly notice: number;
  readonly alarm: number;
  readonly halt: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const SOLVENCY_RULES: SolvencyRules = {
  mainCoins: ['USDT', 'USDC', 'BTC'],
  withdrawalFeeRatio: { notice: 2, alarm: 3 },
  netflow24hShare: { notice: -0.015, alarm: -0.03 },
  netflowRobustZ: -4,
  netflow7dShare: { notice: -0.05, alarm: -0.1 },
  stableReserve7dShare: { notice: -0.15, alarm: -0.3 },
  priceDislocationShare: { notice: 0.01, alarm: 0.03 },
  priceDislocationShareShut: 0.01,
  fundingDislocationSd: { notice: 2, alarm: 3 },
  ownTokenExcess24h: { notice: -0.12, alarm: -0.25 },
  ownTokenReserveShare: { notice: 0.15, alarm: 0.3 },
  mainCoinReserve7dShare: { notice: -0.5, alarm: -0.9 },
  reserveRatioMin: 1,
  reserveReportAgeMsMax: 45 * DAY_MS,
  insurance8hShare: { notice: -0.15, alarm: -0.3 },
  depthRatio: { notice: 0.5, alarm: 0.25 },
  switchAgeMsMax: HOUR_MS / 4,
  marketAgeMsMax: HOUR_MS / 4,
  feedAgeMsMax: 2 * DAY_MS,
  calmMs: DAY_MS,
  hazards: { base: -Math.log1p(-0.077), notice: 0.08, alarm: 0.35, halt: 2 },
};

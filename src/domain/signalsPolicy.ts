/** How signals of the markets are read, and how far each may move a decision: every effect has its cap. */
export type SignalsPolicy = {
  /** A stored reading stands in for one that failed, up to this age. */
  readonly ageMsMax: number;
  /** What a z-score is measured against, and how many readings it takes. */
  readonly historyDays: number;
  readonly historyReadingsMin: number;
  /** Of one observation. */
  readonly callsMax: number;
  readonly readMsMax: number;
  /** Weight of the implied variance in a forecast, where there is one. */
  readonly impliedShare: number;
  /** The most by which hedging demand raises a forecast, a share of it; it never lowers one. */
  readonly demandRaiseShareMax: number;
  /** A leg can be left within these days at this share of the daily volume … */
  readonly exitHorizonDays: number;
  readonly exitParticipationShare: number;
  /** … and its whole moves the price by no more than this: Y σ √(Q/V), Y the coefficient. */
  readonly impactBpsMax: number;
  readonly impactCoefficient: number;
  /** The same of one slice. */
  readonly sliceImpactBpsMax: number;
  /** In a spread wider than this nothing opens by taking: it rests first. */
  readonly takeSpreadBpsMax: number;
  /** Basis a year within ± this is flat. */
  readonly basisFlatAnnual: number;
  /** A carry leg opens where its round trip is earned back within so many days. */
  readonly breakEvenDaysMax: number;
};

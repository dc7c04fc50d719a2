/**
 * Signals in the config: what they may do to a decision, each with its cap, and a source that is only read.
 *
 * The implied share: an index of implied volatility loses against realised ones at a day and wins at a week or two, and a
 * blend of both is best (Hoang and Baur 2020); a third keeps the book's own estimate in the lead. No study proves skew, put/call or
 * long/short, hence a tenth at most. Participation: 1 to 10 % of a day's volume is usual.
 */
import { z } from 'zod';
import { ms, share } from './units.ts';

const sourceSchema = z
  .strictObject({
    exchange: z.enum(['deribit', 'bybit']).describe('whose options are read'),
    environment: z.enum(['simulated', 'testnet', 'live']).default('live'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('origin; required for simulated'),
  })
  .refine(
    ({ environment, endpoint }) => (environment === 'simulated') === (endpoint !== undefined),
    {
      path: ['endpoint'],
      message: 'required for a simulated source, and for no other',
    },
  );

export const signalsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: nothing is read and nothing has an effect'),
    source: sourceSchema.optional().describe('options of a venue that is only read, without keys'),
    ageMsMax: ms('a stored volume stands in for a failed reading so long').default(86_400_000),
    historyDays: z.number().int().min(2).max(365).default(30).describe('z-scores against these'),
    historyReadingsMin: z.number().int().min(2).max(1_000).default(20).describe('else no z-score'),
    callsMax: z.number().int().min(1).max(10_000).default(500).describe('of one observation'),
    readMsMax: ms('of one observation; begun readings end', 600_000).default(15_000),
    impliedShare: share('of the implied variance in a forecast').default(0.3),
    demandRaiseShareMax: share('by which hedging demand may raise a forecast').default(0.1),
    exitHorizonDays: z.number().positive().max(365).default(1).describe('to leave a leg'),
    exitParticipationShare: z.number().positive().max(1).default(0.05).describe('of the volume'),
    impactBpsMax: z.number().positive().max(10_000).default(50).describe('of leaving a whole leg'),
    impactCoefficient: z.number().positive().max(10).default(1).describe('Y in Y σ √(Q/V)'),
    sliceImpactBpsMax: z.number().positive().max(10_000).default(10).describe('of one slice'),
    takeSpreadBpsMax: z
      .number()
      .positive()
      .max(10_000)
      .default(10)
      .describe('in a wider spread an order that opens rests before it takes'),
    basisFlatAnnual: z.number().min(0).max(5).default(0.02).describe('within ±: flat'),
    breakEvenDaysMax: z
      .number()
      .positive()
      .max(3_650)
      .default(30)
      .describe('a carry leg opens where its round trip is earned back so soon'),
  })
  .prefault({});

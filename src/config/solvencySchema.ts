/**
 * The watch on venues' soundness: how often, which feeds, and the thresholds of its signals. A notice calls for watching, an alarm
 * for no new exposure; two families of alarms for leaving.
 */
import { z } from 'zod';
import { ms, share } from './units.ts';

const dayMs = 86_400_000;
const coin = z.string().regex(/^[A-Z0-9]{2,10}$/, 'a coin such as BTC');

const source = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
    file: z.string().min(1).max(4_000).optional(),
    refreshMs: ms('read again after so long').min(1_000).default(900_000),
    timeoutMs: ms('of one reading', 60_000).default(10_000),
  })
  .refine(
    ({ url, file }) => (url === undefined) !== (file === undefined),
    'exactly one of url and file',
  );

/** Worse is below: losses, outflows, what is missing. */
const falls = (text: string, notice: number, alarm: number) =>
  z
    .strictObject({
      notice: z.number().min(-1).max(0).default(notice),
      alarm: z.number().min(-1).max(0).default(alarm),
    })
    .refine(({ notice: mild, alarm: grave }) => grave <= mild, 'an alarm at or below its notice')
    .prefault({})
    .describe(text);

/** Worse is above. */
const rises = (text: string, notice: number, alarm: number, most = 1) =>
  z
    .strictObject({
      notice: z.number().min(0).max(most).default(notice),
      alarm: z.number().min(0).max(most).default(alarm),
    })
    .refine(({ notice: mild, alarm: grave }) => grave >= mild, 'an alarm at or above its notice')
    .prefault({})
    .describe(text);

const thresholdsSchema = z
  .strictObject({
    mainCoins: z
      .array(coin)
      .min(1)
      .max(10)
      .default(['USDT', 'USDC', 'BTC'])
      .describe('withdrawals of any of them halted: the venue is left at once'),
    withdrawalFeeRatio: rises('of its 30-day median', 2, 3, 100),
    netflow24hShare: falls('of clean assets', -0.015, -0.03),
    netflowRobustZ: z
      .number()
      .min(-100)
      .max(0)
      .default(-4)
      .describe('a daily flow must be so rare, too'),
    netflow7dShare: falls('of clean assets', -0.05, -0.1),
    priceDislocationShare: rises('of the others’ price, held ten minutes', 0.01, 0.03),
    priceDislocationShareShut: share('the alarm while a main coin cannot freely leave').default(
      0.01,
    ),
    fundingDislocationSd: rises('of the gap to the others’ funding', 2, 3, 100),
    ownTokenExcess24hShare: falls('move of the venue’s token beyond bitcoin’s', -0.12, -0.25),
    ownTokenReserveShare: rises('of the venue’s assets', 0.15, 0.3),
    reserveRatioMin: z
      .number()
      .min(0)
      .max(10)
      .default(1)
      .describe('reserves ÷ owed, by the report'),
    reserveReportAgeMsMax: ms('an older report is a notice', 400 * dayMs).default(45 * dayMs),
    insurance8hShare: falls('under the pool’s peak of eight hours', -0.15, -0.3),
    depthRatio: z
      .strictObject({
        notice: share('').default(0.5),
        alarm: share('').default(0.25),
      })
      .refine(({ notice, alarm }) => alarm <= notice, 'an alarm at or below its notice')
      .prefault({})
      .describe('of its 30-day median'),
    switchAgeMsMax: ms('status and withdrawals older than this are unknown').default(900_000),
    marketAgeMsMax: ms('the same of prices, funding, token, insurance, depth').default(900_000),
    feedAgeMsMax: ms('the same of feeds', 30 * dayMs).default(2 * dayMs),
    calmMs: ms('signals must be better so long for one step back', 30 * dayMs).default(dayMs),
  })
  .prefault({});

export const solvencySchema = z
  .strictObject({
    everyMs: ms('between two looks', 600_000).min(1_000).default(60_000),
    compareCoins: z
      .array(coin)
      .min(1)
      .max(10)
      .default(['BTC', 'ETH'])
      .describe('whose prices, depth and funding are compared between venues'),
    assets: source.optional().describe('a document of the shape of DefiLlama’s /cexs'),
    venues: z
      .record(
        z.string(),
        z.strictObject({
          slug: z.string().min(1).max(100).optional().describe('the exchange in the assets feed'),
          proof: source
            .optional()
            .describe('proof of reserves: { "date": "2026-11-01", "ratios": { "BTC": 1.02 } }'),
        }),
      )
      .default({}),
    thresholds: thresholdsSchema,
  })
  .prefault({});

/**
 * The config file's shape: one strict schema, units in the names, a limit on everything, a default for whatever is not
 * a person's own choice. An unknown key is a fault.
 */
import { z } from 'zod';
import { hedgeSchema } from './hedgeSchema.ts';
import { legsSchema } from './legSchema.ts';
import { objectiveSchema } from './objectiveSchema.ts';
import { venuesSchema } from './venueSchema.ts';

const share = (text: string) => z.number().min(0).max(1).describe(text);
const ms = (text: string, most = 86_400_000) => z.number().int().min(1).max(most).describe(text);

const httpSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address of the one listener'),
    port: z.number().int().min(0).max(65_535).default(8080).describe('0: any free port'),
    tokenFile: z
      .string()
      .optional()
      .describe('file with the bearer token of routes that change state'),
  })
  .prefault({});

/**
 * A week and a month of hourly bars. 72 bars with shrinkage 0.3 forecast a day better (QLIKE 0.447 against 0.477) and make the
 * minimum-variance book 0.2 points quieter, but the forecast moves 4.5 % a day instead of 2.6 %: what it moves, the book
 * trades. Shorter is worth it only to somebody who trades free of cost; see the README's table.
 */
const riskSchema = z
  .strictObject({
    bar: z.enum(['1h', '2h', '4h', '1d']).default('1h'),
    lookbackBars: z.number().int().min(48).max(20_000).default(2160),
    historyBarsMin: z
      .number()
      .int()
      .min(24)
      .max(20_000)
      .default(336)
      .describe('a leg with fewer bars is left out'),
    volatilityHalfLifeBars: z.number().min(2).max(20_000).default(168),
    volatilityShrinkageShare: share('towards the variance over the whole look-back').default(0.2),
    correlationHalfLifeBars: z.number().min(2).max(20_000).default(720),
    correlationShrinkageShare: share('towards no correlation').default(0.02),
    volatilityFloorAnnual: z.number().min(0).max(5).default(0.05),
    stableVolatilityFloorAnnual: z.number().min(0).max(5).default(0.02),
    jumps: z
      .record(
        z.string(),
        z.strictObject({
          ratePerYear: z.number().positive().max(365),
          sizeShare: z.number().positive().max(1),
        }),
      )
      .default({})
      .describe('depegs per stablecoin; a coin that is not named has a prior'),
  })
  .prefault({});

const sizingSchema = z.strictObject({
  targetVolatilityAnnual: z.number().positive().max(3).describe('a ceiling, not a promise'),
  grossLeverageMax: z.number().positive().max(50),
  whenCapped: z.enum(['parity', 'exposure']).default('parity'),
  usableEquityShare: share('of equity, for funded legs and margin together').default(0.95),
  initialMarginShareMax: share('initial margin of equity').default(0.5),
  stressedMarginBuffer: z.number().min(1).max(10).default(1.25),
  stressPerpetualShare: share('joint move of perpetuals in the stress set').default(0.3),
  stressStableShare: share('fall of a stablecoin in the stress set').default(0.1),
  stressBasisShare: share('move of a perpetual against its spot in the stress set').default(0.05),
  worstDayMultiple: z.number().min(1).max(5).default(1.5),
  venueShareMax: share('of equity at one venue').default(1),
  issuerShareMax: share('of equity in one stablecoin’s yield legs').default(0.5),
  legShareMax: z.number().positive().max(50).default(2).describe('of equity, notional of one leg'),
  venueLossBudgetShare: share('of equity, expected loss by one venue’s default a year').default(
    0.05,
  ),
  lossGivenDefaultShare: share('of what lies at a venue that fails').default(0.6),
  carryOpenAnnual: z.number().min(-1).max(5).default(0.02),
  carryCloseAnnual: z.number().min(-1).max(5).default(-0.02),
});

const rebalanceSchema = z.strictObject({
  cron: z.string().optional().describe('five or six fields, UTC'),
  every: ms('instead of cron: period', 30 * 86_400_000).optional(),
  onStart: z.boolean().default(false).describe('also once when the daemon is ready'),
  onDrift: z.boolean().default(true).describe('also when a leg drifts out of its band'),
  driftBandShare: share('of |target| that may drift').default(0.1),
  deadlineMs: ms('a decision is good until then', 3_600_000).default(120_000),
});

const executionSchema = z
  .strictObject({
    style: z.enum(['ioc', 'passive']).default('passive'),
    crossAfterMs: ms('a passive order rests so long', 600_000).default(30_000),
    slippageBpsMax: z.number().positive().max(1000).default(25),
    attemptsMax: z.number().int().min(1).max(20).default(4),
    pollMs: ms('between look-ups', 60_000).default(500),
    settlingMs: z
      .number()
      .int()
      .min(2_000)
      .max(120_000)
      .default(6_000)
      .describe(
        'an order that cannot be found may yet appear so long; the venue takes a request for half of it after signing (its receive window), and a killed writer’s lease keeps others out for all of it',
      ),
    unhedgedUsdMax: z.number().positive().default(5_000),
    repairMs: ms('for completing or unwinding half a pair', 600_000).default(30_000),
    participationShareMax: share('of the depth within 10 bps').default(0.25),
  })
  .prefault({});

const limitsSchema = z
  .strictObject({
    orderUsdMax: z.number().positive().default(250_000),
    orderDepthShareMax: z
      .number()
      .positive()
      .max(100)
      .default(1)
      .describe('of the depth within 10 bps'),
    ordersPerMinuteMax: z.number().int().min(1).max(10_000).default(60),
    priceCollarBps: z.number().positive().max(2_000).default(100),
    repeatsMax: z.number().int().min(1).max(1_000).default(20),
    drawdownHaltShare: share('under the peak').default(0.2),
    dailyLossHaltShare: share('under the day’s first equity').default(0.1),
    dataAgeMsMax: ms('of any input').default(120_000),
    barAgeMsMax: ms('of the newest bar').default(7_200_000),
    clockOffsetMsMax: ms('between the venue’s clock and ours', 60_000).default(1_000),
    liquidationDistanceShareMin: share('of the mark').default(0.15),
    marginToleranceShare: share('between the venue’s margin figures and the model’s').default(0.1),
    restricted: z
      .array(z.string())
      .default([])
      .describe('symbols or coins that may only be reduced'),
  })
  .prefault({});

const watchSchema = z
  .strictObject({
    marginEveryMs: ms('margin guard').default(5_000),
    driftEveryMs: ms('drift watch').default(60_000),
    reconcileEveryMs: ms('reconcile').default(300_000),
    historyEveryMs: ms('history sync').default(300_000),
    bookingEveryMs: ms('funding and yield booking').default(300_000),
    jobDeadlineMs: ms('of each watch job', 3_600_000).default(60_000),
    jobAttemptsMax: z.number().int().min(1).max(10).default(3),
    marginWarnRatio: share('maintenance of equity: warned').default(0.4),
    marginFenceRatio: share('maintenance of equity: no increases').default(0.6),
    marginDeleverageRatio: share('maintenance of equity: positions are reduced').default(0.7),
    marginFlattenRatio: share('maintenance of equity: positions are closed').default(0.85),
    distanceWarnShare: share('move that liquidates: warned').default(0.18),
    distanceFenceShare: share('move that liquidates: no increases').default(0.13),
    distanceDeleverageShare: share('move that liquidates: positions are reduced').default(0.09),
    distanceFlattenShare: share('move that liquidates: positions are closed').default(0.03),
    depegRestrictShare: share('a stablecoin below par by this: nothing is added').default(0.02),
    depegExitShare: share('a stablecoin below par by this: its legs are left').default(0.05),
    depegConfirmMs: ms('below for so long').default(600_000),
    depegReleaseMs: ms('back for so long').default(21_600_000),
    guardReleaseShare: share('better than a rung by this, to leave it').default(0.1),
    guardHoldMs: ms('and for this long').default(60_000),
    guardLeaseWaitMs: ms('a rebalance at work is waited for so long', 60_000).default(15_000),
  })
  .prefault({});

const simulatorSchema = z
  .strictObject({
    seed: z.number().int().min(0).default(1),
    data: z.string().optional().describe('folder of recorded markets instead of the generator'),
    from: z.iso.datetime().optional().describe('where a recorded market begins'),
    to: z.iso.datetime().optional(),
    earnAnnual: z.record(z.string(), z.number().min(0).max(1)).default({ USDC: 0.04, USDT: 0.03 }),
    balances: z.record(z.string(), z.number().nonnegative()).default({ USDT: 100_000 }),
  })
  .describe('started beside the daemon where a simulated venue’s endpoint does not answer');

export const configSchema = z.strictObject({
  portfolio: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes, 1 to 32'),
  dataDir: z.string().min(1).default('var').describe('embedded database, simulator state'),
  database: z
    .union([z.literal('embedded'), z.string().regex(/^postgres(ql)?:\/\//)])
    .default('embedded'),
  queue: z.union([z.literal('database'), z.string().regex(/^rediss?:\/\//)]).default('database'),
  bookUnit: z.enum(['stablecoin-median', 'usdt']).default('stablecoin-median'),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') })
    .prefault({}),
  http: httpSchema,
  venues: venuesSchema,
  legs: legsSchema,
  hedge: hedgeSchema.optional(),
  objective: objectiveSchema,
  risk: riskSchema,
  sizing: sizingSchema,
  rebalance: rebalanceSchema,
  execution: executionSchema,
  limits: limitsSchema,
  watch: watchSchema,
  simulator: simulatorSchema.optional(),
});

export type Config = z.infer<typeof configSchema>;

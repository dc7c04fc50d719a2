/**
 * The config file's shape: one strict schema, units in the names, a limit on everything, a default for whatever is not
 * a person's own choice. An unknown key is a fault.
 */
import { z } from 'zod';
import { executionSchema } from './executionSchema.ts';
import { hedgeSchema } from './hedgeSchema.ts';
import { legsSchema } from './legSchema.ts';
import { limitsSchema } from './limitsSchema.ts';
import { objectiveSchema } from './objectiveSchema.ts';
import { riskSchema } from './riskSchema.ts';
import { signalsSchema } from './signalsSchema.ts';
import { sizingSchema } from './sizingSchema.ts';
import { solvencySchema } from './solvencySchema.ts';
import { ms, share } from './units.ts';
import { venuesSchema } from './venueSchema.ts';
import { watchSchema } from './watchSchema.ts';

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

const rebalanceSchema = z.strictObject({
  cron: z.string().optional().describe('five or six fields, UTC'),
  every: ms('instead of cron: period', 30 * 86_400_000).optional(),
  onStart: z.boolean().default(false).describe('also once when the daemon is ready'),
  onDrift: z.boolean().default(true).describe('also when a leg drifts out of its band'),
  driftBandShare: share('of |target| that may drift').default(0.1),
  tradeTo: z
    .enum(['target', 'edge'])
    .default('target')
    .describe('edge: only to where the rest of a drift is worth less than its fee and half-spread'),
  rewardPerRisk: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('with edge: return a year expected per unit of annual risk; higher is nearer'),
  deadlineMs: ms('a decision is good until then', 3_600_000).default(120_000),
});

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
  signals: signalsSchema,
  sizing: sizingSchema,
  rebalance: rebalanceSchema,
  execution: executionSchema,
  limits: limitsSchema,
  watch: watchSchema,
  solvency: solvencySchema,
  simulator: simulatorSchema.optional(),
});

export type Config = z.infer<typeof configSchema>;

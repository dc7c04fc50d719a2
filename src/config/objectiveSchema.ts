/** What the weights aim at: the objective, its budgets and bounds. */
import { z } from 'zod';
import { linkages, objectives } from '../domain/objective.ts';

const positiveShares = z.record(z.string(), z.number().positive().max(1e6));
const weight = z.number().min(0).max(1);

export const objectiveSchema = z
  .strictObject({
    kind: z.enum(objectives).default('risk-parity'),
    groupBudgets: positiveShares
      .optional()
      .describe(
        'risk-parity, cvar-parity: share of the risk by group; crypto/majors has a share of crypto’s, legs beside it the rest',
      ),
    factorBudgets: positiveShares
      .optional()
      .describe(
        'factor-parity: share of the variance by factor: market, alts, carry, peg, venue:ID, and residual where it is to have one',
      ),
    confidence: z
      .number()
      .min(0.5)
      .max(0.999)
      .default(0.95)
      .describe('cvar-parity: the tail is the worst rest of the bars'),
    linkage: z.enum(linkages).default('single').describe('hierarchical-risk-parity'),
    weightBounds: z
      .record(z.string(), z.strictObject({ min: weight.optional(), max: weight.optional() }))
      .default({})
      .describe(
        'share of the gross by leg; risk-parity, minimum-variance, maximum-diversification',
      ),
    tolerance: z
      .number()
      .min(1e-14)
      .max(1e-4)
      .default(1e-10)
      .describe('largest miss of a budget; a book that misses it is not traded'),
  })
  .prefault({});

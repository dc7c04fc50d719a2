/** How large the book may be: target, leverage, shares of venues and issuers, and the stress that it must survive. */
import { z } from 'zod';
import { share } from './units.ts';

export const sizingSchema = z.strictObject({
  targetVolatilityAnnual: z.number().positive().max(3).describe('a ceiling, not a promise'),
  drawdownMaxShare: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('the target falls in a line to nothing at this drawdown; absent: it stays'),
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
  issuerShareMax: share('of equity in one stablecoin, collateral included').default(0.5),
  legShareMax: z.number().positive().max(50).default(2).describe('of equity, notional of one leg'),
  venueLossBudgetShare: share('of equity, expected loss by one venue’s default a year').default(
    0.05,
  ),
  lossGivenDefaultShare: share('of what lies at a venue that fails').default(0.6),
  carryOpenAnnual: z.number().min(-1).max(5).default(0.02),
  carryCloseAnnual: z.number().min(-1).max(5).default(-0.02),
});

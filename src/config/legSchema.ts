/** A leg in the config: one of four kinds, each with its own keys. */
import { z } from 'zod';

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  venue: z.string().min(1),
  group: z.string().min(1).optional(),
  budget: z.number().min(0).optional().describe('share of the risk, normalised; 0: weight 0'),
};

const perpetualSymbol = z
  .string()
  .regex(/^[A-Z0-9]+\/[A-Z0-9]+:[A-Z0-9]+$/, 'a perpetual such as BTC/USDT:USDT');
const spotSymbol = z.string().regex(/^[A-Z0-9]+\/[A-Z0-9]+$/, 'a spot market such as ETH/USDT');

export const legsSchema = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('perpetual'),
        ...common,
        symbol: perpetualSymbol,
        direction: z.enum(['long', 'short']).default('long'),
      }),
      z.strictObject({
        kind: z.literal('carry'),
        ...common,
        spot: spotSymbol,
        perpetual: perpetualSymbol,
      }),
      z.strictObject({
        kind: z.literal('lending'),
        ...common,
        coin: z.string().regex(/^[A-Z0-9]+$/, 'a coin such as USDC'),
      }),
      z.strictObject({
        kind: z.literal('stable'),
        ...common,
        symbol: spotSymbol,
        yieldAnnual: z.number().min(0).max(1).describe('what holders are credited; an assumption'),
      }),
    ]),
  )
  .min(1, 'at least one leg')
  .max(200);

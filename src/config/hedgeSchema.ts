/** The hedge overlay in the config: coins that lie elsewhere, and the perpetuals that may hedge them. */
import { z } from 'zod';

export const hedgeSchema = z.strictObject({
  holdings: z
    .array(
      z.strictObject({
        coin: z.string().regex(/^[A-Z0-9]+$/, 'a coin such as BTC'),
        quantityBase: z.number().positive().describe('coins held elsewhere'),
        at: z.string().min(1).describe('where they lie; for the reader'),
        instruments: z
          .array(z.strictObject({ venue: z.string().min(1), symbol: z.string().min(1) }))
          .min(1)
          .max(10)
          .describe('perpetuals on the coin; the cheapest is taken'),
      }),
    )
    .max(50),
});

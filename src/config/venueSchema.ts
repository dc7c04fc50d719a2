/** A venue in the config: which exchange, which environment, where its keys are. Never a key itself. */
import { z } from 'zod';

const venueSchema = z
  .strictObject({
    exchange: z
      .string()
      .regex(/^[a-z0-9]+$/)
      .describe('any ccxt id'),
    environment: z.enum(['simulated', 'testnet', 'demo', 'live']),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('origin; required for simulated'),
    credentialsEnv: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/)
      .optional()
      .describe('prefix of …_API_KEY, …_API_SECRET, …_API_PASSWORD'),
    credentialsFile: z.string().optional(),
    acknowledgeLive: z.boolean().default(false).describe('live trading needs true'),
  })
  .superRefine((venue, context) => {
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (venue.environment === 'simulated' && venue.endpoint === undefined) {
      fault('endpoint', 'required for a simulated venue: an origin such as http://127.0.0.1:9701');
    }
    if (venue.environment !== 'simulated' && venue.endpoint !== undefined) {
      fault('endpoint', 'only a simulated venue has an endpoint; remove it');
    }
    if (venue.environment === 'live' && !venue.acknowledgeLive) {
      fault('acknowledgeLive', 'live trading uses real money; set true to say that you mean it');
    }
    const isKeyless = venue.credentialsEnv === undefined && venue.credentialsFile === undefined;
    // A simulator that nobody gave keys to takes the ones that it prints in its help.
    if (isKeyless && venue.environment !== 'simulated') {
      fault('credentialsEnv', 'credentialsEnv or credentialsFile is required');
    }
    if (venue.credentialsEnv !== undefined && venue.credentialsFile !== undefined) {
      fault('credentialsFile', 'credentialsEnv and credentialsFile exclude each other');
    }
  });

export const venuesSchema = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), venueSchema)
  .refine((venues) => Object.keys(venues).length > 0, 'at least one venue');

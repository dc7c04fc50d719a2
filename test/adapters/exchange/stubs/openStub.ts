/** A venue opened on a stub, with a clock that stands. */
import {
  type OpenedVenue,
  type OpenVenueOptions,
  openVenue,
} from '../../../../src/adapters/exchange/openVenue.ts';
import { optionsOf } from '../bybitSimulator.ts';
import { stubMs } from './stubBook.ts';
import type { Stub } from './stubServer.ts';

export const credentials = {
  source: 'ALPHA_API_KEY',
  reveal: () => ({ apiKey: 'key', secret: 'secret', password: 'phrase' }),
};

/** A wallet of nobody. */
export const wallet = {
  source: 'ALPHA_API_KEY',
  reveal: () => ({
    apiKey: `0x${'12'.repeat(20)}`,
    secret: `0x${'34'.repeat(32)}`,
    password: null,
  }),
};

export const openStub = (
  stub: Stub,
  exchange: string,
  over: Partial<OpenVenueOptions> = {},
): Promise<OpenedVenue> => {
  // Nothing here is late on purpose: a busy machine must not make it so.
  const timeouts = { connectMs: 5_000, headersMs: 8_000, bodyMs: 8_000, deadlineMs: 9_000 };
  const clock = { origin: stub.origin, nowMs: () => stubMs, advanceTo: () => {} };
  return openVenue(
    optionsOf(clock, { exchange, credentials, receiveWindowMs: 4_000, timeouts, ...over }),
  );
};

/**
 * Goal: a venue without a profile is driven carefully: an order that its class refuses by itself is known not to have left.
 * Method: the unmodified class of Gate, whose client ids are shorter than ours, against a stub of three endpoints.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf } from './bybitSimulator.ts';
import { openStub } from './stubs/openStub.ts';
import { stubMs } from './stubs/stubBook.ts';
import { type Stub, startStub } from './stubs/stubServer.ts';
import { taking } from './stubs/venueContract.ts';

const symbol = 'BTC/USDT:USDT';
const perpetual = {
  kind: 'perpetual',
  id: `alpha|${symbol}`,
  venue: 'alpha',
  symbol,
} as unknown as Instrument;
let stub: Stub;
let venue: OpenedVenue;

beforeEach(async () => {
  stub = await startStub(({ path }) => {
    if (path.endsWith('/spot/time')) return { body: { server_time: stubMs } };
    return { body: path.endsWith('/futures/usdt/contracts') ? [contract] : [] };
  });
  venue = await openStub(stub, 'gate');
});
afterEach(async () => {
  await venue.destroy();
  stub.close();
});

describe('an order at a venue without a profile', () => {
  it('that its class refuses by itself did not leave', async () => {
    const record = taking(perpetual, { limitPrice: decimal(60_000) });
    expect(await venue.gateway.send(approvedOf(record), record)).toMatchObject({
      kind: 'rejected',
      code: 'NOT_LEFT',
      message: expect.stringContaining('28'),
    });
    expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('that cannot be found is unknown while a request may still arrive', async () => {
    const record = taking(perpetual);
    expect((await venue.gateway.lookUp(record, perpetual)).kind).toBe('unknown');
    const old = { ...record, sentAtMs: record.intendedAtMs - 600_000 };
    expect(await venue.gateway.lookUp(old, perpetual)).toEqual({ kind: 'absent' });
  });

  it('has no dead-man switch, and the account one wallet', () => {
    expect(venue.gateway.deadMan).toBeUndefined();
    expect(venue.gateway.transfers).toBeUndefined();
  });

  it('is forgotten nobody knows when', () => {
    expect(venue.gateway.forgetsAfterMs).toBeUndefined();
  });
});

const contract = {
  name: 'BTC_USDT',
  type: 'direct',
  quanto_multiplier: '0.0001',
  order_price_round: '0.1',
  mark_price_round: '0.01',
  order_size_min: 1,
  order_size_max: 1_000_000,
  leverage_min: '1',
  leverage_max: '100',
  maker_fee_rate: '-0.0001',
  taker_fee_rate: '0.0005',
  order_price_deviate: '0.2',
  mark_price: '60000',
  in_delisting: false,
  create_time: 1_600_000_000,
};

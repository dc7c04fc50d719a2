/**
 * Client order ids: a pure function of what an order is, of a form every venue takes, with the owner in front.
 *
 * Method: the digest recomputed from its definition; then properties over random identities.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clientOrderId,
  instrumentId,
  type OrderIdentity,
  originOf,
  ownerPrefix,
  rebalanceId,
} from '../../src/domain/ids.ts';

const known: OrderIdentity = {
  installation: 'i',
  portfolio: 'main',
  rebalanceId: rebalanceId('main-20260110T080000000Z-schedule'),
  instrument: instrumentId('alpha', 'BTC/USDT:USDT'),
  slice: 0,
  attempt: 0,
};

const identities: fc.Arbitrary<OrderIdentity> = fc
  .record({
    installation: fc.string(),
    portfolio: fc.string(),
    rebalance: fc.string(),
    venue: fc.string(),
    symbol: fc.string(),
    slice: fc.nat(40),
    attempt: fc.nat(20),
  })
  .map(({ installation, portfolio, rebalance, venue, symbol, slice, attempt }) => ({
    installation,
    portfolio,
    rebalanceId: rebalanceId(rebalance),
    instrument: instrumentId(venue, symbol),
    slice,
    attempt,
  }));

const sha256 = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

describe('clientOrderId', () => {
  test('is eight digits of the owner, twenty of the order and four that check them, of the digest that is written down', () => {
    const owner = sha256(['owner', 'i', 'main']).slice(0, 8);
    const order = sha256(['order', 'i', 'main', known.rebalanceId, known.instrument, 0, 0]);
    const named = owner + order.slice(0, 20);
    expect(clientOrderId(known)).toBe(named + sha256(['check', named]).slice(0, 4));
  });

  test('never changes between releases: an open order would be orphaned', () => {
    expect(clientOrderId(known)).toBe('6c986e5b0941ac816ce6043fe3cd78cc');
  });

  test('has the form that every venue takes, and begins with its owner', () => {
    fc.assert(
      fc.property(identities, (identity) => {
        const id = clientOrderId(identity);
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(id.startsWith(ownerPrefix(identity.installation, identity.portfolio))).toBe(true);
        expect(clientOrderId({ ...identity })).toBe(id);
      }),
      { seed: 11 },
    );
  });

  test('differs as soon as any part of the identity differs', () => {
    const changes: readonly Partial<OrderIdentity>[] = [
      { installation: 'j' },
      { portfolio: 'other' },
      { rebalanceId: rebalanceId('main-20260110T160000000Z-schedule') },
      { instrument: instrumentId('beta', 'BTC/USDT:USDT') },
      { instrument: instrumentId('alpha', 'ETH/USDT:USDT') },
      { slice: 1 },
      { attempt: 1 },
    ];
    const ids = [known, ...changes.map((change) => ({ ...known, ...change }))].map(clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('parts do not run into each other: two identities share an id only when they are equal', () => {
    fc.assert(
      fc.property(identities, identities, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(clientOrderId(one) === clientOrderId(other)).toBe(isSame);
      }),
      { seed: 12 },
    );
    const split = (installation: string, portfolio: string) =>
      clientOrderId({ ...known, installation, portfolio });
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
    expect(clientOrderId({ ...known, slice: 1, attempt: 11 })).not.toBe(
      clientOrderId({ ...known, slice: 11, attempt: 1 }),
    );
  });
});

test('two installations of one portfolio know each other’s orders as foreign', () => {
  expect(ownerPrefix('one', 'main')).not.toBe(ownerPrefix('two', 'main'));
  expect(ownerPrefix('one', 'main')).not.toBe(ownerPrefix('one', 'other'));
  expect(ownerPrefix('on', 'emain')).not.toBe(ownerPrefix('one', 'main'));
});

describe('originOf', () => {
  const prefix = ownerPrefix('i', 'main');

  test('knows its own, another daemon’s, and strangers', () => {
    expect(originOf(clientOrderId(known), prefix)).toBe('own');
    expect(originOf(clientOrderId({ ...known, portfolio: 'other' }), prefix)).toBe('rival');
    expect(originOf(clientOrderId({ ...known, installation: 'copy' }), prefix)).toBe('rival');
    for (const id of [null, '', 'by-hand', '0'.repeat(32), clientOrderId(known).toUpperCase()]) {
      expect(originOf(id, prefix)).toBe('stranger');
    }
  });

  test('takes a random 32 digits for a daemon’s in about one of 65,536', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{32}$/), (id) => {
        expect(originOf(id, prefix)).toBe('stranger');
      }),
      { seed: 13 },
    );
  });
});

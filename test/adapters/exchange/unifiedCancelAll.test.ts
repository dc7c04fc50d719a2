/**
 * Goal: cancelling everything goes on past what cannot be read, listed or cancelled, and a venue that wants no requests is let be.
 * Method: a client in memory that answers as ccxt does, in which one market or one order fails.
 */
import { describe, expect, it } from 'vitest';
import type { CcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import { carefulProfile } from '../../../src/adapters/exchange/profiles/profile.ts';
import type { Session } from '../../../src/adapters/exchange/session.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { btc, open, symbol } from './unifiedGiven.ts';

describe('cancelling everything', () => {
  it('needs of an order its id alone; what cannot be read is told after the rest is cancelled', async () => {
    const eth = { ...btc, id: 'beta|ETH/USDT:USDT', symbol: 'ETH/USDT:USDT' } as Instrument;
    const { session, dialect, calls } = open({ cancelOrder: { id: '9' } });
    const listOf = (list: unknown) =>
      Object.assign(session.client, {
        fetchOpenOrders: async (of: string) => (of === symbol ? list : []),
      });
    listOf([{ id: '1', status: 'a word nobody knows' }, { id: '2' }]);
    expect(await dialect.cancelAll([eth, btc])).toBe(2);
    const cancelledIds = () =>
      calls.filter(([name]) => name === 'cancelOrder').map(([, id, of]) => [id, of]);
    expect(cancelledIds()).toEqual([
      ['1', symbol],
      ['2', symbol],
    ]);
    listOf([{ status: 'open' }, { id: '3' }]);
    await expect(dialect.cancelAll([btc])).rejects.toThrow('id must be a text');
    expect(cancelledIds().at(-1)).toEqual(['3', symbol]);
  });

  it('goes on past a market whose orders cannot be listed, and past an order that stays', async () => {
    const eth = { ...btc, id: 'beta|ETH/USDT:USDT', symbol: 'ETH/USDT:USDT' } as Instrument;
    const orders = { burst: 1_000, perSecond: 1, reserveShare: 0 };
    const { session, dialect } = open(
      {},
      {
        ...carefulProfile,
        traffic: {
          ...carefulProfile.traffic,
          limits: { ...carefulProfile.traffic.limits, orders },
        },
      },
    );
    const gone: unknown[] = [];
    Object.assign(session.client, {
      fetchOpenOrders: async (of: string) => {
        if (of === symbol) throw new TypeError('not a list');
        // As many as the shortest first page: the next rounds bring the rest.
        const left = Array.from({ length: 25 }, (_, index) => ({ id: String(index) }));
        return left.filter(({ id }) => !gone.includes(id)).slice(0, 10);
      },
      cancelOrder: async (id: string) => {
        if (id === '7') throw new TypeError('stays');
        gone.push(id);
      },
    });
    await expect(dialect.cancelAll([btc, eth])).rejects.toThrow();
    expect(gone).toHaveLength(24);
  });
});

describe('a venue that wants no requests for a week', () => {
  class RateLimitExceeded extends Error {}
  const refuse = () => Promise.reject(new RateLimitExceeded('later'));
  const refusing = (over: Partial<CcxtClient>): Session => {
    const { session } = open({});
    Object.assign(session.client, { last_response_headers: { 'Retry-After': '604800' }, ...over });
    return session;
  };

  it('is asked again after ten minutes; a read that would have to wait for it is over', async () => {
    const session = refusing({});
    await expect(session.read('balance', refuse)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('in 600000 ms, it may wait 120000 ms'),
    });
  });

  it('is not waited for by connecting either', async () => {
    const session = refusing({ loadMarkets: refuse });
    await expect(session.connect()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

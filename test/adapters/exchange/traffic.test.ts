/**
 * Goal: the venue's own figures hold our requests back in time, its bans are kept to the end, and cancels have their share.
 * Method: heads of answers by hand, a clock that only sleeping moves.
 */
import { describe, expect, it } from 'vitest';
import { profileOf } from '../../../src/adapters/exchange/profiles/profileOf.ts';
import type { AnswerHead } from '../../../src/adapters/exchange/transport/dispatcher.ts';
import { classOf } from '../../../src/adapters/exchange/transport/endpoints.ts';
import { type Ban, createTraffic } from '../../../src/adapters/exchange/transport/traffic.ts';
import { createVenueClock } from '../../../src/adapters/exchange/transport/venueClock.ts';

const startMs = 1_740_000_000_000;

function rig(exchange: string) {
  let now = startMs + 250;
  const clock = {
    nowMs: () => now,
    sleep: async (ms: number) => {
      await Promise.resolve();
      now += ms;
    },
  };
  const bans: Ban[] = [];
  const traffic = createTraffic(profileOf(exchange).traffic, clock, (ban) => bans.push(ban));
  const note = (over: Partial<AnswerHead>) =>
    traffic.note({ method: 'GET', host: '', path: '/', status: 200, headers: {}, ...over });
  return { clock, bans, traffic, note };
}

describe('the class of an endpoint', () => {
  it.each([
    ['bybit', 'POST', '/v5/order/create', 'orders'],
    ['bybit', 'POST', '/v5/order/cancel', 'cancels'],
    ['bybit', 'GET', '/v5/order/realtime?category=linear', 'account'],
    ['bybit', 'GET', '/v5/market/tickers', 'market'],
    ['okx', 'POST', '/api/v5/trade/batch-orders', 'orders'],
    ['okx', 'POST', '/api/v5/trade/cancel-order', 'cancels'],
    ['okx', 'GET', '/api/v5/trade/order?clOrdId=1', 'account'],
    ['okx', 'GET', '/api/v5/public/mark-price', 'market'],
    ['binanceusdm', 'POST', '/fapi/v1/order', 'orders'],
    ['binanceusdm', 'DELETE', '/fapi/v1/order?symbol=X', 'cancels'],
    ['binanceusdm', 'GET', '/fapi/v1/order?symbol=X', 'account'],
    ['binance', 'GET', '/api/v3/depth?symbol=X', 'market'],
    ['deribit', 'GET', '/api/v2/private/buy?amount=1', 'orders'],
    ['deribit', 'GET', '/api/v2/private/cancel?order_id=1', 'cancels'],
    ['deribit', 'GET', '/api/v2/public/ticker', 'market'],
    ['kucoinfutures', 'POST', '/api/v1/orders', 'orders'],
    ['kucoinfutures', 'DELETE', '/api/v1/orders/1', 'cancels'],
  ] as const)('%s %s %s is %s', (exchange, method, path, expected) => {
    expect(classOf({ method, path }, profileOf(exchange).traffic.endpoints)).toBe(expected);
  });
});

describe('what the venue says of our use', () => {
  it('holds all but protective requests from four fifths on, until the window ends', async () => {
    const { clock, traffic, note } = rig('binanceusdm');
    const headers = { 'x-mbx-used-weight-1m': '2000' };
    note({ host: 'fapi.binance.com', headers });
    await traffic.take('account', 'protective');
    await traffic.take('orders', 'normal');
    expect(clock.nowMs()).toBe(startMs + 250);
    await traffic.take('account', 'normal');
    expect(clock.nowMs() % 60_000).toBe(0);
  });

  it('stops everything of its classes when it is all but used up', async () => {
    const { clock, traffic, note } = rig('binanceusdm');
    note({ host: 'fapi.binance.com', headers: { 'x-mbx-order-count-10s': '48' } });
    await traffic.take('cancels', 'protective');
    expect(clock.nowMs()).toBe(startMs + 250);
    await traffic.take('orders', 'protective');
    expect(clock.nowMs() % 10_000).toBe(0);
  });

  it('counts each host of the venue against its own allowance', async () => {
    const { clock, traffic, note } = rig('binance');
    note({ host: 'api.binance.com', headers: { 'x-mbx-used-weight-1m': '2390' } });
    await traffic.take('account', 'normal');
    expect(clock.nowMs()).toBe(startMs + 250);
  });

  it('is of the endpoint that was asked where the venue counts each apart', async () => {
    const { clock, traffic, note } = rig('bybit');
    const headers = { 'x-bapi-limit-status': '1', 'x-bapi-limit': '10' };
    note({ method: 'POST', path: '/v5/order/create', headers });
    await traffic.take('cancels', 'normal');
    await traffic.take('orders', 'protective');
    expect(clock.nowMs()).toBe(startMs + 250);
    await traffic.take('orders', 'normal');
    expect(clock.nowMs()).toBe(startMs + 1_000);
  });

  it('means nothing where it is no number', async () => {
    const { clock, traffic, note } = rig('bybit');
    for (const status of ['', 'many', '-1']) {
      note({ headers: { 'x-bapi-limit-status': status, 'x-bapi-limit': '10' } });
    }
    await traffic.take('account', 'normal');
    expect(clock.nowMs()).toBe(startMs + 250);
  });
});

describe('a ban', () => {
  it.each([
    ['binanceusdm', 418, undefined, 120],
    ['binanceusdm', 418, '1800', 1_800],
    ['binanceusdm', 429, '30', 30],
    ['bybit', 403, undefined, 600],
    ['okx', 403, undefined, 300],
  ] as const)('of %s by %i (Retry-After %s) lasts %i s for every class', async (...row) => {
    const [exchange, status, retryAfter, seconds] = row;
    const { clock, bans, traffic, note } = rig(exchange);
    note({ status, headers: { 'retry-after': retryAfter } });
    note({ status, headers: { 'retry-after': retryAfter } });
    for (const endpoint of ['orders', 'cancels', 'account', 'market'] as const) {
      await expect(traffic.take(endpoint, 'protective')).rejects.toMatchObject({ code: 'BANNED' });
    }
    expect(bans.map(({ untilMs }) => untilMs)).toEqual([startMs + 250 + seconds * 1000]);
    await clock.sleep(seconds * 1000);
    await traffic.take('orders', 'normal');
  });

  it('that is made longer is kept to its later end', async () => {
    const { clock, bans, traffic } = rig('binanceusdm');
    traffic.ban(1_000, 'first');
    traffic.ban(5_000, 'second');
    traffic.ban(10, 'third');
    await clock.sleep(1_500);
    await expect(traffic.take('market', 'normal')).rejects.toMatchObject({ code: 'BANNED' });
    expect(bans.map(({ reason }) => reason)).toEqual(['first']);
  });

  it('strikes what waits for its turn too', async () => {
    const { traffic } = rig('deribit');
    traffic.pause('account', 5_000);
    const waiting = traffic.take('account', 'normal');
    traffic.ban(60_000, 'late');
    await expect(waiting).rejects.toMatchObject({ code: 'BANNED' });
  });
});

describe('too many requests', () => {
  it('pause their class as long as the answer says', async () => {
    const { clock, traffic, note } = rig('okx');
    note({ status: 429, path: '/api/v5/market/books', headers: { 'retry-after': '7' } });
    await traffic.take('account', 'normal');
    expect(clock.nowMs()).toBe(startMs + 250);
    await traffic.take('market', 'normal');
    expect(clock.nowMs()).toBe(startMs + 7_250);
  });

  it('pause it for ten minutes at most: it is then asked again', async () => {
    const { clock, traffic, note } = rig('okx');
    note({ status: 429, path: '/api/v5/market/books', headers: { 'retry-after': '604800' } });
    traffic.pause('account', 604_800_000);
    await traffic.take('market', 'normal');
    await traffic.take('account', 'normal');
    expect(clock.nowMs()).toBe(startMs + 600_250);
  });
});

describe('the venue’s clock', () => {
  const still = { nowMs: () => startMs, sleep: () => Promise.resolve() };

  it('is ours plus the offset, the round trip halved', () => {
    const clock = createVenueClock('alpha', still, 5_000);
    clock.note({ sentMs: startMs - 400, backMs: startMs, venueMs: startMs + 1_000 });
    expect(clock.nowMs()).toBe(startMs + 1_200);
  });

  it.each([
    [
      'an offset of more than a minute',
      { sentMs: startMs, backMs: startMs, venueMs: startMs + 61_000 },
    ],
    ['a round trip that hides it', { sentMs: startMs - 11_000, backMs: startMs, venueMs: startMs }],
  ])('signs nothing after %s', (_, reading) => {
    const clock = createVenueClock('alpha', still, 5_000);
    expect(() => clock.note(reading)).toThrow(expect.objectContaining({ code: 'CLOCK_WRONG' }));
    expect(clock.isWrong()).toBe(true);
    expect(clock.check).toThrow('alpha: the venue');
    expect(clock.nowMs()).toBe(startMs);
    clock.note({ sentMs: startMs, backMs: startMs, venueMs: startMs + 5 });
    clock.check();
  });

  it('signs with a time that was pinned, in that request only', async () => {
    const clock = createVenueClock('alpha', still, 5_000);
    const pinned = clock.signedAt(startMs - 700, async () => {
      await Promise.resolve();
      return clock.signingMs();
    });
    expect(clock.signingMs()).toBe(startMs);
    expect(await pinned).toBe(startMs - 700);
  });
});

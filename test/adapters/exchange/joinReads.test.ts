/** Which readings are made once for several askers, and which never. Method: a class whose requests are counted and answered by hand. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { joinReads } from '../../../src/adapters/exchange/bybit/joinReads.ts';
import type { CcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import { createCommonReads } from '../../../src/adapters/exchange/commonReads.ts';
import type { Common } from '../../../src/adapters/exchange/session.ts';

const positions = ['v5/position/list', 'private', 'GET', { settleCoin: 'USDT' }] as const;
const bars = ['v5/market/kline', 'public', 'GET', { symbol: 'BTCUSDT' }] as const;

function rig(common: Common | null = null) {
  const asked: { readonly answer: (value: unknown) => void; readonly fail: () => void }[] = [];
  const time = { nowMs: 1_000 };
  const client: Pick<CcxtClient, 'fetch2'> = {
    fetch2: () =>
      new Promise<unknown>((answer, refuse) => {
        asked.push({ answer, fail: () => refuse(new Error('no answer')) });
      }),
  };
  joinReads({ client, clock: { nowMs: () => time.nowMs }, common });
  return { client, asked, time };
}

const shared = (of = 'bybit simulated'): Common => ({ reads: createCommonReads(), of });

describe('a reading of the account', () => {
  it('that is asked for twice in one turn is made once', async () => {
    const { client, asked } = rig();
    const both = Promise.all([client.fetch2(...positions), client.fetch2(...positions)]);
    expect(asked).toHaveLength(1);
    asked[0]?.answer('list');
    expect(await both).toEqual(['list', 'list']);
  });

  it('is made again in a later turn, while the first is still under way', async () => {
    const { client, asked } = rig();
    void client.fetch2(...positions);
    await turn();
    void client.fetch2(...positions);
    expect(asked).toHaveLength(2);
  });

  it('is made again after its answer, in the same turn too', async () => {
    const { client, asked } = rig();
    const first = client.fetch2(...positions);
    asked[0]?.answer('before');
    await first;
    void client.fetch2(...positions);
    expect(asked).toHaveLength(2);
  });

  it('is never joined with one of other words', () => {
    const { client, asked } = rig();
    void client.fetch2(...positions);
    void client.fetch2('v5/position/list', 'private', 'GET', { settleCoin: 'USDC' });
    expect(asked).toHaveLength(2);
  });

  it('is never taken from another account of the process', async () => {
    const common = shared();
    const [one, other] = [rig(common), rig(common)];
    void one.client.fetch2(...positions);
    void other.client.fetch2(...positions);
    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
  });
});

it('a write is made each time', () => {
  const { client, asked } = rig();
  const order = ['v5/order/create', 'private', 'POST', { orderLinkId: 'a' }] as const;
  void client.fetch2(...order);
  void client.fetch2(...order);
  expect(asked).toHaveLength(2);
});

describe('what is published of the markets', () => {
  it('serves every account at the exchange until it is five seconds old', async () => {
    const common = shared();
    const [one, other] = [rig(common), rig(common)];
    const first = one.client.fetch2(...bars);
    other.time.nowMs += 5_000;
    const second = other.client.fetch2(...bars);
    one.asked[0]?.answer('bars');
    expect(await Promise.all([first, second])).toEqual(['bars', 'bars']);
    expect(other.asked).toHaveLength(0);
    other.time.nowMs += 1;
    void other.client.fetch2(...bars);
    expect(other.asked).toHaveLength(1);
  });

  it('is not shared with another environment, nor by a clock that went back', () => {
    const reads = createCommonReads();
    const [one, other] = [rig({ reads, of: 'bybit live' }), rig({ reads, of: 'bybit testnet' })];
    void one.client.fetch2(...bars);
    void other.client.fetch2(...bars);
    one.time.nowMs -= 1;
    void one.client.fetch2(...bars);
    expect([one.asked.length, other.asked.length]).toEqual([2, 1]);
  });

  it('is read again by the next where it failed', async () => {
    const common = shared();
    const [one, other] = [rig(common), rig(common)];
    const first = one.client.fetch2(...bars);
    one.asked[0]?.fail();
    await expect(first).rejects.toThrow('no answer');
    void other.client.fetch2(...bars);
    expect(other.asked).toHaveLength(1);
  });

  it.each(['v5/market/orderbook', 'v5/market/tickers', 'v5/market/time', 'v5/system/status'])(
    'is never a remembered %s',
    async (path) => {
      const common = shared();
      const [one, other] = [rig(common), rig(common)];
      void one.client.fetch2(path, 'public', 'GET', { category: 'linear' });
      void other.client.fetch2(path, 'public', 'GET', { category: 'linear' });
      expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
    },
  );
});

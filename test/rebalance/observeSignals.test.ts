/**
 * Goal: what markets say is observed within its bounds, remembered, and measured against its own past; a failure is unknown and
 * fails nothing.
 * Method: the world in memory with a reader of signals, whole and with one part after another failing.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import type { MarketSignals } from '../../src/domain/marketSignals.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { OptionQuote, SignalsReader } from '../../src/rebalance/ports/signals.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startMs, type World } from '../simulation/world.ts';
import { btc, openedWorld, policy, withVenue } from './given.ts';
import { signalsPolicy } from './signalsGiven.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const slot = slotOf(policy.portfolio, 'schedule', startMs);
const asking = (change: Partial<SignalsPolicy> = {}): Policy => ({
  ...policy,
  signals: { ...signalsPolicy, ...change },
});

const everyFourHours = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({
    atMs: startMs - (count - 1 - i) * 4 * hourMs,
    value: value(i),
  }));
const flatBoard: readonly OptionQuote[] = [70, 80, 90, 100, 110, 120, 140].flatMap((strike) =>
  (['call', 'put'] as const).map((option) => ({
    option,
    strike,
    deliveryMs: startMs + 30 * dayMs,
    underlyingPrice: 100,
    volatilityAnnual: 0.7,
    openInterest: 2,
  })),
);

const reader: SignalsReader = {
  book: async () => ({
    bids: [
      [99.99, 10],
      [99.8, 20],
    ],
    asks: [
      [100.01, 5],
      [100.2, 40],
    ],
  }),
  tradedBars: async () =>
    Array.from({ length: 48 }, (_, i) => ({
      openMs: startMs - (48 - i) * hourMs,
      open: 100,
      close: i % 2 === 0 ? 101 : 100,
      volumeBase: 10,
    })),
  // A tenth more a day, and in the end a fifth.
  openInterest: async () =>
    everyFourHours(60, (i) => 1000 * 1.1 ** (i / 6) * (i === 59 ? 1.2 / 1.1 : 1)),
  longShare: async () => everyFourHours(30, (i) => (i === 29 ? 0.6 : i % 2 === 0 ? 0.49 : 0.51)),
  futures: async () => [
    { symbol: 'near', deliveryMs: startMs + 20 * dayMs, price: 1, indexPrice: 2 },
    { symbol: 'term', deliveryMs: startMs + 80 * dayMs, price: 102, indexPrice: 100 },
  ],
  options: async () => flatBoard,
  volatilityIndex: async () => null,
};

let world: World;
let ports: Ports;
beforeEach(() => {
  const opened = openedWorld();
  world = opened.world;
  ports = opened.ports;
});
const look = async (signals: SignalsReader, change: Partial<SignalsPolicy> = {}, own = ports) =>
  (await observe(withVenue(own, { reader: { signals } }), asking(change), slot)).signals;
const marketIn = (signals: MarketSignals | undefined, symbol: string) =>
  signals?.instruments.find((each) => each.instrument === `alpha|${symbol}`);
const coinIn = (signals: MarketSignals | undefined, coin: string) =>
  signals?.underlyings.find((each) => each.coin === coin);
const valueIn = (signal: { kind: string; value?: { value: number } } | undefined) =>
  signal?.kind === 'observed' ? signal.value?.value : signal?.kind;

describe('where nobody asks', () => {
  test('or where no venue has a reader, nothing is in the snapshot', async () => {
    const silent = withVenue(ports, { reader: { signals: reader } });
    expect(
      await observe(silent, { ...policy, signals: undefined } as never, slot),
    ).not.toHaveProperty('signals');
    expect(await observe(ports, asking(), slot)).not.toHaveProperty('signals');
  });
});

describe('a venue that answers', () => {
  test('is observed in every market that a leg trades, and in every coin that a perpetual is on', async () => {
    const signals = await look(reader);
    expect(signals?.instruments.map((each) => each.instrument).toSorted()).toEqual([
      'alpha|BTC/USDT:USDT',
      'alpha|ETH/USDT',
      'alpha|ETH/USDT:USDT',
    ]);
    expect(signals?.underlyings.map((each) => each.coin)).toEqual(['BTC', 'ETH']);
    expect(JSON.parse(JSON.stringify(signals))).toEqual(signals);
  });

  test('has its book to 10 and 50 bps on the thinner side, and its volume a day', async () => {
    const market = marketIn(await look(reader), 'BTC/USDT:USDT');
    expect(market?.book).toMatchObject({
      value: { depth10Quote: 5 * 100.01, depth50Quote: 99.99 * 10 + 99.8 * 20 },
    });
    expect(market?.traded).toMatchObject({ value: { volumeDailyQuote: 12 * 10 * (101 + 100) } });
    expect(market?.openInterestQuote).toMatchObject({ kind: 'observed' });
  });

  test('has each reading beside its past: growth, the long share, the term basis, what options imply', async () => {
    const coin = coinIn(await look(reader), 'BTC');
    expect(valueIn(coin?.openInterestGrowth)).toBeCloseTo(0.2, 9);
    expect(coin?.openInterestGrowth).toMatchObject({ value: { history: { readings: 53 } } });
    expect(coin?.longShare).toMatchObject({ value: { value: 0.6, history: { readings: 29 } } });
    expect(valueIn(coin?.futureBasis)).toBeCloseTo((0.02 * 365) / 80, 12);
    expect(valueIn(coin?.impliedAnnual)).toBeCloseTo(0.7, 12);
    expect(valueIn(coin?.putCall)).toBe(1);
    expect(valueIn(coin?.riskReversal)).toBeCloseTo(0, 12);
    expect(valueIn(coin?.fundingAnnual)).toBeCloseTo(0.0001 * 3 * 365, 12);
    expect(valueIn(coin?.volatilityPremium)).toBeLessThan(0.7);
  });

  test('a coin whose spot market a leg trades has a past from the bars at once; another one begins to remember', async () => {
    const signals = await look(reader);
    expect(coinIn(signals, 'ETH')?.perpetualBasis).toMatchObject({
      kind: 'observed',
      value: { history: { readings: world.rows.bars.get('alpha|ETH/USDT last')?.length } },
    });
    expect(coinIn(signals, 'BTC')?.perpetualBasis).toMatchObject({
      value: { history: { readings: 0 } },
    });
  });

  test('measures funding against a past in which each settlement counts for its own interval', async () => {
    const settled = [24, 16, 8, 4, 0].map((hours) => ({
      atMs: startMs - hours * hourMs,
      rate: hours < 8 ? 0.00005 : 0.0001,
    }));
    await ports.history.saveFunding(btc.id, settled);
    const found = coinIn(await look(reader), 'BTC')?.fundingAnnual;
    const mean = 0.0001 * 3 * 365;
    expect(found).toMatchObject({
      value: { history: { readings: 4, mean: expect.closeTo(mean, 12) } },
    });
    const snapshot = await observe(ports, asking(), slot);
    const seen = snapshot.instruments.find(({ instrument }) => instrument.id === btc.id);
    expect(seen?.settledFunding).toEqual(settled);
  });

  test('is remembered once an hour, so that looking again in the hour weighs nothing', async () => {
    await look(reader);
    await look(reader);
    expect(world.rows.readings.get('signal|alpha|BTC/USDT:USDT|basis')).toHaveLength(1);
    world.nowMs += hourMs;
    await look(reader);
    expect(world.rows.readings.get('signal|alpha|BTC/USDT:USDT|basis')).toHaveLength(2);
  });
});

describe('what fails', () => {
  test.each([
    'book',
    'tradedBars',
    'openInterest',
    'longShare',
    'futures',
    'options',
    'volatilityIndex',
  ] as const)('%s alone is unknown, and the rest is observed', async (part) => {
    const failing = { ...reader, [part]: () => Promise.reject(noAnswer()) };
    const signals = await look(failing);
    const market = marketIn(signals, 'BTC/USDT:USDT');
    const coin = coinIn(signals, 'BTC');
    const kinds = {
      book: market?.book.kind,
      tradedBars: market?.traded.kind,
      openInterest: coin?.openInterestGrowth.kind,
      longShare: coin?.longShare.kind,
      futures: coin?.futureBasis.kind,
      options: coin?.riskReversal.kind,
    };
    const expected = Object.fromEntries(
      Object.keys(kinds).map((each) => [each, each === part ? 'unknown' : 'observed']),
    );
    expect(kinds).toEqual(expected);
  });

  test('a volume that failed is the remembered one while that is young', async () => {
    const before = marketIn(await look(reader), 'BTC/USDT:USDT')?.traded;
    const failing = { ...reader, tradedBars: () => Promise.reject(noAnswer()) };
    world.nowMs += 2 * hourMs;
    const traded = marketIn(await look(failing), 'BTC/USDT:USDT')?.traded;
    if (before?.kind !== 'observed' || traded?.kind !== 'observed') throw new Error('observed');
    expect(traded.value.volumeDailyQuote).toBe(before.value.volumeDailyQuote);
    expect(traded.observedAtMs).toBe(startMs);
    world.nowMs += dayMs;
    expect(marketIn(await look(failing), 'BTC/USDT:USDT')?.traded.kind).toBe('unknown');
  });

  test('what a venue has not got is not offered', async () => {
    const nothing = async () => null;
    const bare = { ...reader, openInterest: nothing, futures: nothing, options: nothing };
    const signals = await look(bare);
    const coin = coinIn(signals, 'BTC');
    expect([
      coin?.openInterestGrowth.kind,
      coin?.futureBasis.kind,
      coin?.impliedAnnual.kind,
    ]).toEqual(['notOffered', 'notOffered', 'notOffered']);
    expect(marketIn(signals, 'BTC/USDT:USDT')?.openInterestQuote.kind).toBe('notOffered');
  });

  test('an old page of the venue’s is not the present', async () => {
    const old = { ...reader, longShare: async () => [{ atMs: startMs - 2 * dayMs, value: 0.5 }] };
    expect(coinIn(await look(old), 'BTC')?.longShare.kind).toBe('unknown');
  });
});

describe('the bounds', () => {
  test('calls end at their limit, the volumes first', async () => {
    let calls = 0;
    const counted = Object.fromEntries(
      Object.entries(reader).map(([name, read]) => [
        name,
        (...parts: never[]) => {
          calls += 1;
          return (read as (...all: never[]) => unknown)(...parts);
        },
      ]),
    ) as unknown as SignalsReader;
    const signals = await look(counted, { callsMax: 4 });
    expect(calls).toBe(4);
    expect(signals?.instruments.map((each) => each.traded.kind)).toEqual(
      Array.from({ length: 3 }, () => 'observed'),
    );
    expect(coinIn(signals, 'BTC')?.longShare).toEqual({
      kind: 'unknown',
      reason: 'signals.callsMax of 4 is used up',
    });
  });

  test('time ends them too: what takes long leaves the rest unknown', async () => {
    const slow: SignalsReader = {
      ...reader,
      book: async (instrument) => {
        world.nowMs += 10_000;
        return await reader.book(instrument);
      },
    };
    const coin = coinIn(await look(slow, { readMsMax: 15_000 }), 'BTC');
    expect(coin?.longShare).toMatchObject({ kind: 'unknown' });
  });
});

describe('options', () => {
  test('come from the source that is only read before the venue, and its index wins over a board', async () => {
    const id = venueId('source-deribit');
    const index = everyFourHours(30, (i) => 0.5 + i / 100);
    const signals: SignalsReader = { ...reader, volatilityIndex: async () => index };
    const own: Ports = { ...ports, signalSources: [{ id, signals }] };
    const board = () => Promise.reject(noAnswer());
    const coin = coinIn(await look({ ...reader, options: board }, {}, own), 'BTC');
    expect(coin?.impliedAnnual).toMatchObject({
      value: { value: 0.79, history: { readings: 29 } },
    });
    expect(coin?.putCall.kind).toBe('observed');
  });
});

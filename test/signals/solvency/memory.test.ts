/**
 * Goal: figures become signals by what was remembered; what fails keeps its age, what was never had drops out, and nothing that is
 * not known is called healthy.
 * Method: looks a minute apart over hand-made figures, each signal by its closed form.
 */
import { describe, expect, test } from 'vitest';
import { observed, unknown } from '../../../src/domain/observed.ts';
import { assessVenue } from '../../../src/signals/solvency/assessVenue.ts';
import { partlyShut } from '../../../src/signals/solvency/chains.ts';
import { type MarketFigure, NO_FEEDS } from '../../../src/signals/solvency/figures.ts';
import {
  type Look,
  nextMemory,
  type Past,
  samplesOf,
  type VenueMemory,
} from '../../../src/signals/solvency/memory.ts';
import { NOTHING_OFFERED } from '../../../src/signals/solvency/observations.ts';
import { SOLVENCY_RULES } from '../../../src/signals/solvency/rules.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startMs = 1_700_000_000_000;
const notOffered = { kind: 'notOffered' } as const;
const market: MarketFigure = {
  coin: 'BTC',
  quoteCoin: 'USDT',
  price: 100,
  index: 100,
  depthQuote: 1e6,
  funding8hRate: 1e-4,
};

/** Nothing is offered but what is said. */
const look = (
  nowMs: number,
  more: Partial<Omit<Look, 'figures'>> & { figures?: Partial<Look['figures']> },
): Look => ({
  nowMs,
  chains: [],
  others: notOffered,
  feeds: NO_FEEDS,
  ...more,
  figures: { markets: notOffered, insuranceUsd: notOffered, ownToken: notOffered, ...more.figures },
});
const next = (before: VenueMemory | null, at: Look, past: Past = {}): VenueMemory =>
  nextMemory(before, at, past, SOLVENCY_RULES);
const signalsOf = (at: Look, past: Past = {}) => next(null, at, past).signals;
const stateOf = (memory: VenueMemory, nowMs: number) =>
  assessVenue({ ...NOTHING_OFFERED, ...memory.signals }, null, nowMs).state;
const usual = (value: number): readonly number[] => Array(60).fill(value);

describe('a first look', () => {
  test('offers nothing where nothing is read, so that a testnet can trade', () => {
    const memory = next(null, look(startMs, {}));
    const { status: _, withdrawals: __, ...rest } = NOTHING_OFFERED;
    expect(memory.signals).toEqual(rest);
    expect(stateOf(memory, startMs)).toBe('healthy');
  });

  test('is unknown, and the venue watched, where a figure that it should have could not be read', () => {
    const memory = next(null, look(startMs, { figures: { insuranceUsd: unknown('timeout') } }));
    expect(memory.signals.insurance8hShare).toEqual({ kind: 'unknown', reason: 'timeout' });
    expect(stateOf(memory, startMs)).toBe('watch');
  });

  test('knows nothing usual yet: depth, funding and fees drop out until there are samples', () => {
    const at = look(startMs, {
      figures: { markets: observed([market], startMs) },
      others: observed([[market]], startMs),
      chains: [{ coin: 'USDT', chain: 'TRX', isOpen: true, feeBase: 1 }],
    });
    const found = signalsOf(at);
    expect(found.depthRatio).toEqual(notOffered);
    expect(found.fundingDislocationSd).toEqual(notOffered);
    expect(found.withdrawalFeeRatio).toEqual(notOffered);
    expect(found.priceDislocationShare).toMatchObject({ kind: 'observed', value: 0 });
    expect(samplesOf(at)).toEqual({ 'depth|BTC': 1e6, 'fee|USDT|TRX': 1, fundingGap: 0 });
  });
});

describe('signals of figures', () => {
  test('prices off by a twentieth are unknown for ten minutes and an alarm from then on', () => {
    const states: string[] = [];
    let memory: VenueMemory | null = null;
    for (let minute = 0; minute <= 11; minute += 1) {
      const nowMs = startMs + minute * minuteMs;
      const own = { ...market, price: 95 };
      memory = next(
        memory,
        look(nowMs, {
          figures: { markets: observed([own], nowMs) },
          others: observed([[market]], nowMs),
        }),
      );
      states.push(stateOf(memory, nowMs));
    }
    expect(states.slice(0, 10)).toEqual(Array(10).fill('watch'));
    expect(states.slice(10)).toEqual(['restrict', 'restrict']);
  });

  test('prices are not compared where there is no other venue, and are unknown where none could be read', () => {
    const figures = { markets: observed([market], startMs) };
    expect(signalsOf(look(startMs, { figures })).priceDislocationShare).toEqual(notOffered);
    const others = unknown<never>('no other venue could be read');
    expect(signalsOf(look(startMs, { figures, others })).priceDislocationShare).toEqual(others);
  });

  test('the token’s move counts beyond bitcoin’s', () => {
    const ownToken = observed({ token: 'BNB', tokenMove: -0.3, bitcoinMove: -0.1 }, startMs);
    const { ownTokenExcess24h } = signalsOf(look(startMs, { figures: { ownToken } }));
    expect(ownTokenExcess24h).toMatchObject({ kind: 'observed' });
    expect(ownTokenExcess24h.kind === 'observed' && ownTokenExcess24h.value).toBeCloseTo(-0.2, 12);
  });

  test('the insurance pool is measured from its peak of eight hours, which it forgets', () => {
    let memory: VenueMemory | null = null;
    const at = (hours: number, usd: number): number => {
      const nowMs = startMs + hours * hourMs;
      memory = next(memory, look(nowMs, { figures: { insuranceUsd: observed(usd, nowMs) } }));
      const signal = memory.signals.insurance8hShare;
      return signal.kind === 'observed' ? signal.value : Number.NaN;
    };
    expect(at(0, 100)).toBe(0);
    expect(at(1, 70)).toBeCloseTo(-0.3, 12);
    expect(at(7.9, 70)).toBeCloseTo(-0.3, 12);
    expect(at(9.1, 70)).toBe(0);
  });

  test('a thousand looks keep an hour of depth and a pool’s eight hours, no more', () => {
    let memory: VenueMemory | null = null;
    for (let minute = 0; minute < 1000; minute += 1) {
      const nowMs = startMs + minute * minuteMs;
      const figures = { markets: observed([market], nowMs), insuranceUsd: observed(1, nowMs) };
      memory = next(memory, look(nowMs, { figures, others: observed([[market]], nowMs) }));
    }
    expect(memory?.depthsByCoin['BTC']).toHaveLength(61);
    expect(memory?.insurances.length).toBeLessThan(60);
    expect(memory?.dislocations.length).toBeLessThanOrEqual(21);
  });

  test('depth is the median of an hour against that of thirty days, and of coins', () => {
    const past = { 'depth|BTC': usual(4e6), 'depth|ETH': usual(1e6) };
    const markets = [market, { ...market, coin: 'ETH', depthQuote: 1e6 }];
    const { depthRatio } = signalsOf(
      look(startMs, { figures: { markets: observed(markets, startMs) } }),
      past,
    );
    expect(depthRatio).toEqual(observed((0.25 + 1) / 2, startMs));
  });
});

describe('feeds', () => {
  const assets = {
    assetsUsd: 120,
    cleanAssetsUsd: 95,
    inflow24hUsd: -5,
    inflow7dUsd: -25,
  };
  const feeds = (more: Partial<typeof assets> = {}): Look['feeds'] => ({
    assets: observed({ ...assets, ...more }, startMs),
    proof: null,
  });

  test('are shares of what was clean before, and the own token’s share of all', () => {
    const found = signalsOf(look(startMs, { feeds: feeds() }));
    expect(found.netflow24h).toEqual(observed({ share: -0.05, robustZ: null }, startMs));
    expect(found.netflow7dShare).toEqual(observed(-25 / 120, startMs));
    expect(found.ownTokenReserveShare).toEqual(observed(1 - 95 / 120, startMs));
    expect(found.proofOfReserves).toEqual(notOffered);
  });

  test('say how unusual a flow is once there is a week of them', () => {
    const flows = Array.from({ length: 42 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
    const zOf = (past: readonly number[]) => {
      const { netflow24h } = signalsOf(look(startMs, { feeds: feeds() }), { netflow24h: past });
      return netflow24h.kind === 'observed' ? netflow24h.value.robustZ : 'none';
    };
    expect(zOf(flows)).toBeCloseTo(-0.05 / (1.4826 * 0.01), 9);
    expect(zOf(flows.slice(1))).toBeNull();
  });

  test('that state nothing drop out, unless they had stated it, and then age', () => {
    const silent = look(startMs + hourMs, {
      feeds: {
        assets: observed(
          { assetsUsd: null, cleanAssetsUsd: null, inflow24hUsd: null, inflow7dUsd: null },
          startMs + hourMs,
        ),
        proof: null,
      },
    });
    expect(signalsOf(silent).netflow24h).toEqual(notOffered);
    const after = next(next(null, look(startMs, { feeds: feeds() })), silent);
    expect(after.signals.netflow24h).toMatchObject({ observedAtMs: startMs });
    const lateMs = startMs + SOLVENCY_RULES.feedAgeMsMax + 1;
    const { evidence } = assessVenue({ ...NOTHING_OFFERED, ...after.signals }, null, lateMs);
    expect(evidence).toContain('unknown netflow24h: 172800001 ms old, at most 172800000');
  });

  test('an outflow of all, or assets of nothing, is no share', () => {
    expect(
      signalsOf(look(startMs, { feeds: feeds({ cleanAssetsUsd: 0, inflow24hUsd: 0 }) })).netflow24h,
    ).toEqual(notOffered);
    expect(
      signalsOf(look(startMs, { feeds: feeds({ assetsUsd: 0 }) })).ownTokenReserveShare,
    ).toEqual(notOffered);
  });

  test('that are no longer configured are forgotten', () => {
    const with_ = next(null, look(startMs, { feeds: feeds() }));
    expect(next(with_, look(startMs + 1, {})).signals.netflow24h).toEqual(notOffered);
  });
});

describe('what fails', () => {
  const read = look(startMs, { figures: { insuranceUsd: observed(100, startMs) } });
  const failing = (nowMs: number) => look(nowMs, { figures: { insuranceUsd: unknown('timeout') } });

  test('leaves its last reading, healthy for a quarter of an hour and unknown from then on', () => {
    const lastMs = startMs + SOLVENCY_RULES.marketAgeMsMax;
    const memory = next(next(null, read), failing(lastMs));
    expect(stateOf(memory, lastMs)).toBe('healthy');
    expect(stateOf(memory, lastMs + 1)).toBe('watch');
  });

  test('is never given up: a month later it is unknown still, even where it is said not to be there', () => {
    const lateMs = startMs + 30 * dayMs;
    for (const at of [failing(lateMs), look(lateMs, {})]) {
      const memory = next(next(null, read), at);
      expect(memory.signals.insurance8hShare).toMatchObject({ observedAtMs: startMs });
      expect(stateOf(memory, lateMs)).toBe('watch');
    }
  });

  test('for want of other venues is given up a week after the last was taken out of the config', () => {
    const figures = (nowMs: number) => ({ markets: observed([market], nowMs) });
    const others = observed([[market]], startMs);
    const compared = next(null, look(startMs, { figures: figures(startMs), others }));
    const alone = (nowMs: number) =>
      next(compared, look(nowMs, { figures: figures(nowMs) })).signals.priceDislocationShare;
    expect(alone(startMs + 7 * dayMs)).toMatchObject({ observedAtMs: startMs });
    expect(alone(startMs + 7 * dayMs + 1)).toEqual(notOffered);
  });
});

describe('chains', () => {
  const chains = (trx: boolean, eth: boolean) => [
    { coin: 'USDT', chain: 'TRX', isOpen: trx, feeBase: 1 },
    { coin: 'USDT', chain: 'ETH', isOpen: eth, feeBase: 4 },
  ];

  test('that were open within the week and are shut are news; those that never were are not', () => {
    const seen = next(null, look(startMs, { chains: chains(true, false) })).chainsOpenAtMs;
    expect(partlyShut(chains(true, false), seen, startMs)).toEqual([]);
    const both = next(null, look(startMs, { chains: chains(true, true) })).chainsOpenAtMs;
    expect(partlyShut(chains(true, false), both, startMs + dayMs)).toEqual(['USDT']);
    expect(partlyShut(chains(true, false), both, startMs + 7 * dayMs + 1)).toEqual([]);
  });

  test('of a coin that cannot leave at all are a halt, not a part', () => {
    const both = next(null, look(startMs, { chains: chains(true, true) })).chainsOpenAtMs;
    expect(partlyShut(chains(false, false), both, startMs)).toEqual([]);
  });

  test('that could not be read are remembered as they were', () => {
    const both = next(null, look(startMs, { chains: chains(true, true) }));
    const after = next(both, look(startMs + hourMs, { chains: null }));
    expect(after.chainsOpenAtMs).toEqual(both.chainsOpenAtMs);
  });

  test('that are stated no more are news for a week, unless the whole coin is', () => {
    const both = next(null, look(startMs, { chains: chains(true, true) })).chainsOpenAtMs;
    const left = chains(true, true).slice(0, 1);
    expect(partlyShut(left, both, startMs + dayMs)).toEqual(['USDT']);
    expect(partlyShut(left, both, startMs + 7 * dayMs + 1)).toEqual([]);
    expect(partlyShut([], both, startMs)).toEqual([]);
    const whole = { coin: 'USDT', chain: 'all', isOpen: true, feeBase: null };
    const asOne = next(null, look(startMs, { chains: [whole] })).chainsOpenAtMs;
    expect(partlyShut(chains(true, true), asOne, startMs)).toEqual([]);
  });

  test('of a coin that were ever stated are remembered, those of an older memory too', () => {
    const seen = next(null, look(startMs, { chains: chains(false, false) }));
    expect(next(seen, look(startMs + 30 * dayMs, { chains: [] })).coinsStated).toEqual(['USDT']);
    const { coinsStated: _, ...old } = next(null, look(startMs, { chains: chains(true, false) }));
    expect(next(old, look(startMs, { chains: null })).coinsStated).toEqual(['USDT']);
  });
});

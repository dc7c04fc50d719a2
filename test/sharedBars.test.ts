/** Past bars are read once for all portfolios of a process. Method: a history in memory that counts its readings, and changes. */
import { expect, test } from 'vitest';
import { createCommonReads } from '../src/adapters/exchange/commonReads.ts';
import { instrumentId } from '../src/domain/ids.ts';
import type { HistoryStore } from '../src/rebalance/ports/stores.ts';
import type { Bar } from '../src/rebalance/ports/venue.ts';
import { shareBars } from '../src/sharedBars.ts';

const barMs = 10;

function twoPortfolios() {
  let nowMs = 1_000;
  let kept: readonly Bar[] = [];
  let readings = 0;
  const history = {
    bars: async (_series: unknown, fromMs: number, toMs: number) => {
      readings += 1;
      return kept.filter((bar) => bar.openMs >= fromMs && bar.openMs < toMs);
    },
  } as unknown as HistoryStore;
  const reads = createCommonReads();
  const portfolio = (venue: string) => {
    const shared = shareBars(history, { nowMs: () => nowMs, sleep: async () => {} }, reads, (id) =>
      id.replace(venue, 'market'),
    );
    return (symbol: string, toMs: number) =>
      shared.bars({ instrument: instrumentId(venue, symbol), kind: 'mark', barMs }, 0, toMs);
  };
  return {
    portfolios: [portfolio('alpha'), portfolio('beta')] as const,
    keep: (bars: readonly Bar[]) => {
      kept = bars;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    readings: () => readings,
  };
}

const whole = [0, 10, 20].map((openMs) => ({ openMs, close: openMs + 1 }));

test('what is whole is read once for both, whatever they call the venue', async () => {
  const { portfolios, keep, readings } = twoPortfolios();
  keep(whole);
  expect(await portfolios[0]('A', 30)).toEqual(whole);
  expect(await portfolios[1]('A', 30)).toEqual(whole);
  expect(readings()).toBe(1);
  await portfolios[1]('B', 30);
  await portfolios[1]('A', 20);
  expect(readings()).toBe(3);
});

test('a bar that was missing is seen as soon as it is there', async () => {
  const { portfolios, keep } = twoPortfolios();
  keep(whole.slice(0, 2));
  expect(await portfolios[0]('A', 30)).toHaveLength(2);
  keep(whole);
  expect(await portfolios[1]('A', 30)).toEqual(whole);
});

test('a close that the venue corrects is seen a minute later', async () => {
  const { portfolios, keep, pass } = twoPortfolios();
  keep(whole);
  await portfolios[0]('A', 30);
  const corrected = whole.map((bar) => ({ ...bar, close: 7 }));
  keep(corrected);
  pass(60_001);
  expect(await portfolios[1]('A', 30)).toEqual(corrected);
});

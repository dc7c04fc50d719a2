/**
 * Goal: portfolios on one database never read what another's venue of the same name left; the same market's history is shared.
 * Method: two portfolios with a venue `alpha` on one real PostgreSQL, at different markets, then at the same one.
 *
 * Tried, and seen to fail: the scope left out of the state store, and of the history store.
 */
import { expect, test } from 'vitest';
import { createHistoryStore } from '../../../src/adapters/database/historyStore.ts';
import { portfolioScope } from '../../../src/adapters/database/scope.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { instrumentId, venueId } from '../../../src/domain/ids.ts';
import { openedDatabase } from './openedDatabase.ts';

const database = openedDatabase();

const storesOf = (portfolio: string, market: string, lookbackBars = 100) => {
  const scope = portfolioScope({ portfolio, markets: { alpha: market }, lookbackBars });
  const { queries } = database;
  return {
    state: createStateStore(queries, scope),
    history: createHistoryStore(queries, scope),
  };
};
const alpha = venueId('alpha');
const btc = instrumentId('alpha', 'BTC/USDT:USDT');
const series = { instrument: btc, kind: 'mark', barMs: 3_600_000 } as const;

test('an opened ledger, a venue’s state and a fence are the portfolio’s own', async () => {
  const live = storesOf('live', 'bybit:live:');
  const paper = storesOf('paper', 'bybit:simulated:here');
  await live.state.setCursor('opened|alpha', 7);
  expect(await live.state.cursor('opened|alpha')).toBe(7);
  expect(await paper.state.cursor('opened|alpha')).toBeNull();
  const halted = {
    state: 'exit' as const,
    confirmedAtMs: 1,
    defaultProbabilityAnnual: 1,
    evidence: [],
  };
  await live.state.recordVenueState(alpha, halted, 1);
  expect(await paper.state.venueState(alpha)).toBeNull();
  expect(await live.state.venueState(alpha)).toMatchObject(halted);
  const [permission, fence, leaseAsked] = ['opened|alpha', 'fills|alpha', 'fills|alpha'];
  const asked = { venues: [alpha], sinceMs: 0, permission, fence, leaseAsked };
  expect(await live.state.sendingState('live', asked)).toEqual({
    haltReason: null,
    permittedUntilMs: 7,
    fencedUntilMs: null,
    leaseAskedUntilMs: null,
    venues: [{ venue: 'alpha', ordersSent: 0, state: 'exit' }],
  });
  expect(await paper.state.sendingState('paper', asked)).toEqual({
    haltReason: null,
    permittedUntilMs: null,
    fencedUntilMs: null,
    leaseAskedUntilMs: null,
    venues: [{ venue: 'alpha', ordersSent: 0, state: null }],
  });
});

test('history is a market’s: shared where it is the same, apart where it is not', async () => {
  const one = storesOf('one', 'okx:live:');
  const two = storesOf('two', 'okx:live:');
  const demo = storesOf('three', 'okx:demo:');
  await one.history.saveBars(series, [{ openMs: 0, close: 1 }]);
  await one.history.saveFunding(btc, [{ atMs: 0, rate: 0.1 }]);
  expect(await two.history.bars(series, 0, 1)).toHaveLength(1);
  expect(await two.history.funding(btc, 0, 1)).toHaveLength(1);
  expect(await demo.history.bars(series, 0, 1)).toHaveLength(0);
  expect(await demo.history.funding(btc, 0, 1)).toHaveLength(0);
  await one.state.setCursor(`bars|${btc}|mark|3600000`, 5);
  expect(await two.state.cursor(`bars|${btc}|mark|3600000`)).toBe(5);
  expect(await demo.state.cursor(`bars|${btc}|mark|3600000`)).toBeNull();
  // Who looks back further must not take what another read for the whole.
  const longer = storesOf('four', 'okx:live:', 200);
  expect(await longer.state.cursor(`bars|${btc}|mark|3600000`)).toBeNull();
});

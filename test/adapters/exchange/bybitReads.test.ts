/**
 * Goal: a read is tried again within limits, and one that failed is never taken for "nothing".
 * Method: the unmodified ccxt class against the simulated exchange, which spoils requests on demand.
 */
import { describe, expect, it } from 'vitest';
import { startMs } from './bybitSimulator.ts';
import { create, rigForEach } from './faultsGiven.ts';

const given = rigForEach();
const { sendTaking } = given;

describe('a read', () => {
  it('is tried three times, with waits on the clock port', async () => {
    const before = given.rig.simulator.nowMs();
    given.rig.simulator.inject({
      kind: 'serverError',
      path: '/v5/account/wallet-balance',
      count: 2,
    });
    await expect(given.rig.venue.reader.account()).resolves.toMatchObject({
      positionMode: 'oneWay',
    });
    // 200 and 400 ms, each times a half plus the chance of a half.
    expect(given.rig.simulator.nowMs() - before).toBe(600);
    given.rig.simulator.inject({
      kind: 'serverError',
      path: '/v5/account/wallet-balance',
      count: 3,
    });
    await expect(given.rig.venue.reader.account()).rejects.toMatchObject({ retryable: true });
  });

  it('that fails is not flat', async () => {
    given.rig.simulator.inject({ kind: 'html', path: '/v5/position/list', count: 10 });
    await expect(given.rig.venue.reader.positions()).rejects.toMatchObject({
      name: 'MalformedAnswer',
      message: expect.stringContaining('was HTML'),
    });
  });

  it('lists a fill once that the venue repeats', async () => {
    const { record, send } = await sendTaking();
    await send();
    given.rig.simulator.inject({ kind: 'duplicateFills', path: '/v5/execution/list' });
    expect(await given.rig.venue.gateway.fills(record, given.btc)).toHaveLength(1);
  });

  it('finds an order and its fills after more than a week without us', async () => {
    const { record, send } = await sendTaking();
    given.rig.simulator.inject({ kind: 'dropAfter', ...create });
    expect((await send()).kind).toBe('unknown');
    given.rig.simulator.advanceTo(startMs + 9 * 86_400_000);
    expect(await given.rig.venue.gateway.lookUp(record, given.btc)).toMatchObject({
      kind: 'found',
      order: { state: 'filled' },
    });
    expect(await given.rig.venue.gateway.fills(record, given.btc)).toHaveLength(1);
  });

  it('is honest while the venue is down, and connects once it is back', async () => {
    const venue = await given.rig.open({});
    given.rig.simulator.inject({ kind: 'dropBefore', count: 6 });
    await expect(venue.reader.instruments(['BTC/USDT:USDT'])).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^alpha \(bybit\): /),
    });
    given.rig.simulator.inject({ kind: 'dropBefore', count: 1 });
    await expect(given.rig.venue.reader.quote(given.btc)).resolves.toBeDefined();
    await expect(venue.reader.instruments(['BTC/USDT:USDT'])).resolves.toHaveLength(1);
  });

  it('waits as long as a rate limit asks, then goes on', async () => {
    const before = given.rig.simulator.nowMs();
    given.rig.simulator.inject({ kind: 'rateLimit', path: '/v5/account/wallet-balance' });
    await given.rig.venue.reader.account();
    expect(given.rig.simulator.nowMs() - before).toBeGreaterThanOrEqual(1_000);
  });
});

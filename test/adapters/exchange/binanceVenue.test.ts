/**
 * Goal: `binance` (spot and USD-M in one venue) and `binanceusdm` say of an account what the venue's own journal says.
 * Method: the unmodified ccxt classes over HTTP against the simulated exchange in its Binance dialect, wallets apart.
 */
import { describe, expect, it } from 'vitest';
import { add, decimal, multiply, subtract } from '../../../src/domain/decimal.ts';
import { binanceForEach } from './binanceGiven.ts';
import { recordOf, startMs } from './bybitSimulator.ts';

const hourMs = 3_600_000;
const given = binanceForEach();
const { taking, resting, acceptedId } = given;

describe('an account', () => {
  it('of `binance` is both wallets, its margin the futures wallet’s', async () => {
    await acceptedId(await taking(given.ethSpot, { quantityBase: decimal('0.5') }));
    const account = await given.venue.reader.account();
    const futures = await given.futuresOnly.reader.account();
    const coins = Object.fromEntries(account.coins.map(({ coin, wallet }) => [coin, wallet]));
    const ownCoins = Object.fromEntries(futures.coins.map(({ coin, wallet }) => [coin, wallet]));
    expect(ownCoins['USDT']).toBe('10000');
    expect(ownCoins['ETH'] ?? '0').toBe('0');
    expect(Number(coins['USDT'])).toBeLessThan(15_000);
    expect(coins['USDC']).toBe('3000');
    expect(Number(coins['ETH'])).toBeGreaterThan(0.49);
    expect(account.marginBalanceUsd).toBe(futures.equityUsd);
    // What was bought is worth what was paid, but for the fee and the spread.
    expect(Math.abs(account.equityUsd - 18_000)).toBeLessThan(10);
    expect(account).toMatchObject({ positionMode: 'oneWay', marginMode: expect.any(String) });
  });

  it('is prepared once: read first, set only what differs', async () => {
    await given.venue.gateway.prepare([given.btc, given.ethSpot], 7);
    // A second time nothing is posted: every write of a setting would be refused here.
    given.simulator.inject({ kind: 'rejected', retCode: -4000, method: 'POST', count: 10 });
    await given.venue.gateway.prepare([given.btc, given.ethSpot], 7);
  });

  it('in hedge mode is seen as such, and prepare switches it', async () => {
    given.simulator.inject({ kind: 'positionMode', mode: 'hedge' });
    expect((await given.venue.reader.account()).positionMode).toBe('hedge');
    await given.venue.gateway.prepare([given.btc], 7);
    expect((await given.venue.reader.account()).positionMode).toBe('oneWay');
  });

  it('says what the key may do', async () => {
    expect(await given.venue.reader.permissions()).toMatchObject({ trade: true, withdraw: false });
  });
});

describe('after three days', () => {
  it('fills and cash events add up to the futures wallet, each once', async () => {
    for (let day = 0; day < 3; day += 1) {
      given.simulator.advanceTo(given.simulator.nowMs() + 24 * hourMs);
      await acceptedId(await taking(given.btc, { quantityBase: decimal('0.003') }));
    }
    given.simulator.advanceTo(given.simulator.nowMs() + hourMs);
    const { reader } = given.futuresOnly;
    const [fills, events, account] = [
      await reader.fills([given.btc], startMs),
      await reader.cashEvents([given.btc], startMs - 1),
      await reader.account(),
    ];
    expect(fills).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'funding').length).toBeGreaterThanOrEqual(6);
    const before = decimal('10000');
    const flows = events
      .filter(({ kind }) => kind !== 'deposit')
      .reduce((sum, { amount }) => add(sum, amount), before);
    // Only bought, never sold: the position has realised nothing but fees and funding.
    const expected = fills.reduce((sum, { fee }) => subtract(sum, fee), flows);
    const usdt = account.coins.find(({ coin }) => coin === 'USDT');
    expect(Number(usdt?.wallet)).toBeCloseTo(Number(expected), 6);
    expect(await reader.positions()).toEqual({
      'BTC/USDT:USDT': multiply('0.003', '3'),
    });
  });
});

describe('the wallets', () => {
  it('are filled from each other; what became of a lost answer is in the history', async () => {
    const { transfers } = given.venue.gateway;
    if (transfers === undefined) throw new Error('there are two wallets');
    expect(given.futuresOnly.gateway.transfers).toBeUndefined();
    expect(await transfers.free('USDT')).toEqual({ spot: '5000', swap: '10000' });
    // Every signed request has the receive window.
    expect(transfers.lateMsMax).toBe(0);
    expect(await transfers.list('USDT', startMs - hourMs)).toEqual([]);
    const transfer = { coin: 'USDT', amount: decimal('1200.5'), from: 'spot', to: 'swap' };
    given.simulator.inject({ kind: 'dropAfter', path: '/sapi/v1/asset/transfer', method: 'POST' });
    expect((await transfers.send(recordOf(given.btc), transfer)).kind).toBe('unknown');
    expect(await transfers.free('USDT')).toEqual({ spot: '3799.5', swap: '11200.5' });
    const [found, ...more] = await transfers.list('USDT', startMs - hourMs);
    expect(found).toMatchObject({ ...transfer, clientOrderId: null, state: 'done' });
    expect(more).toEqual([]);
    const back = { ...transfer, from: 'swap', to: 'spot' };
    expect((await transfers.send(recordOf(given.btc), back)).kind).toBe('accepted');
    expect(await transfers.free('USDT')).toEqual({ spot: '5000', swap: '10000' });
    // Within the venue nothing came in or went out.
    const events = await given.venue.reader.cashEvents([given.btc], startMs - 1);
    expect(events.filter(({ kind }) => kind !== 'funding')).toEqual([]);
  });

  it('refuse what they do not hold, and ways that there are not', async () => {
    const { transfers } = given.venue.gateway;
    const transfer = { coin: 'USDT', amount: decimal('99999'), from: 'spot', to: 'swap' };
    expect((await transfers?.send(recordOf(given.btc), transfer))?.kind).toBe('rejected');
    expect(
      await transfers?.send(recordOf(given.btc), { ...transfer, to: 'funding' }),
    ).toMatchObject({
      code: 'NO_SUCH_WALLET',
    });
  });
});

describe('the dead-man switch', () => {
  it('cancels what rests unless it is armed again, market by market', async () => {
    await given.venue.reader.account();
    await acceptedId(await resting(given.btc));
    await given.venue.gateway.deadMan?.(30_000);
    given.simulator.advanceTo(given.simulator.nowMs() + 20_000);
    await given.venue.gateway.deadMan?.(30_000);
    given.simulator.advanceTo(given.simulator.nowMs() + 20_000);
    expect(await given.venue.reader.openOrders([given.btc])).toHaveLength(1);
    given.simulator.advanceTo(given.simulator.nowMs() + 11_000);
    expect(await given.venue.reader.openOrders([given.btc])).toEqual([]);
  });
});

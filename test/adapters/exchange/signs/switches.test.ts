/**
 * Goal: a coin whose chains are all shut is halted, and a status that is not understood is unknown.
 * Method: a session whose client states currencies as each venue does, chains with and without a fee.
 */
import { describe, expect, test } from 'vitest';
import { readSigns } from '../../../../src/adapters/exchange/signs/readSigns.ts';
import { type Given, mainCoins, missing, nowMs, sessionOf, slow } from './figuresGiven.ts';

describe('switches', () => {
  const currencies = {
    USDT: {
      networks: {
        TRX: { withdraw: true, fee: '1' },
        ETH: { withdraw: false, fee: '4' },
        OMNI: { withdraw: undefined },
      },
    },
    BTC: { networks: { BTC: { withdraw: false, fee: null } } },
    USDC: { networks: {}, withdraw: true, fee: 'free' },
    DOGE: { withdraw: false },
  };

  test('are each main coin’s chains with their fees; a coin of which all are shut is halted', async () => {
    const answers = { fetchCurrencies: currencies, fetchStatus: { status: 'ok' } };
    const found = await readSigns(sessionOf({ answers, has: { fetchStatus: true } }), mainCoins);
    expect(found).toEqual({
      status: 'ok',
      withdrawalsHalted: ['BTC'],
      chains: [
        { coin: 'USDT', chain: 'TRX', isOpen: true, feeBase: 1 },
        { coin: 'USDT', chain: 'ETH', isOpen: false, feeBase: 4 },
        { coin: 'USDC', chain: 'all', isOpen: true, feeBase: null },
        { coin: 'BTC', chain: 'BTC', isOpen: false, feeBase: null },
      ],
      observedAtMs: nowMs,
    });
  });

  test('are read of the coins that are asked for', async () => {
    const answers = { fetchCurrencies: { ...currencies, DAI: { withdraw: false } } };
    const { withdrawalsHalted, chains } = await readSigns(sessionOf({ answers }), ['DAI']);
    expect(withdrawalsHalted).toEqual(['DAI']);
    expect(chains?.map(({ coin }) => coin)).toEqual(['DAI']);
  });

  test('of a chain at Bybit whose fee is empty are shut, whatever ccxt makes of it', async () => {
    const chain = (withdrawFee: string) => ({
      withdraw: true,
      fee: withdrawFee === '' ? undefined : Number(withdrawFee),
      info: { chainWithdraw: '1', withdrawFee },
    });
    const answers = { fetchCurrencies: { USDT: { networks: { A: chain(''), B: chain('1') } } } };
    const openAt = async (exchange: string) =>
      (await readSigns(sessionOf({ exchange, answers }), mainCoins)).chains?.map(
        ({ isOpen }) => isOpen,
      );
    expect(await openAt('bybit')).toEqual([false, true]);
    expect(await openAt('okx')).toEqual([true, true]);
  });

  test('are not offered without a key, in a demo, where nothing is stated, and where a testnet has no such thing', async () => {
    const said = (given: Given) =>
      readSigns(sessionOf({ answers: { fetchCurrencies: currencies }, ...given }), mainCoins);
    const nothing = { status: 'notOffered', withdrawalsHalted: null };
    expect(await said({ key: null })).toMatchObject(nothing);
    expect(await said({ environment: 'demo' })).toMatchObject(nothing);
    expect(await said({ answers: { fetchCurrencies: {} } })).toMatchObject(nothing);
    const refused = { answers: { fetchCurrencies: missing } };
    expect(await said({ ...refused, environment: 'testnet' })).toMatchObject(nothing);
    await expect(said(refused)).rejects.toThrow('no such endpoint');
    await expect(
      said({ answers: { fetchCurrencies: slow }, environment: 'testnet' }),
    ).rejects.toThrow('timeout');
  });

  test('a status that is not understood is unknown, one that is not had is not offered', async () => {
    const statusOf = async (status: unknown, has: boolean) =>
      (
        await readSigns(
          sessionOf({ key: null, answers: { fetchStatus: { status } }, has: { fetchStatus: has } }),
          mainCoins,
        )
      ).status;
    expect(await statusOf('maintenance', true)).toBe('maintenance');
    expect(await statusOf('shutdown', true)).toBe('unknown');
    expect(await statusOf('ok', false)).toBe('notOffered');
  });
});

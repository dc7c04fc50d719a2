/**
 * Goal: only what a venue certainly refused counts as refused; secrets never get into a message.
 * Method: ccxt's own error classes with the messages that its bybit class makes, as a table.
 */
import type ccxtPackage from 'ccxt';
import { describe, expect, it } from 'vitest';
import {
  cancelFault,
  codeOf,
  type FaultContext,
  isNoChange,
  NotPermitted,
  readFault,
  sendFault,
} from '../../../src/adapters/exchange/faults.ts';
import { bybitProfile } from '../../../src/adapters/exchange/profiles/bybit.ts';
import { createRedact } from '../../../src/adapters/exchange/transport/redact.ts';

// By file, like the adapter: the whole package takes seconds to load.
const ccxt = (await import(
  new URL('./src/base/errors.js', import.meta.resolve('ccxt')).href
)) as typeof ccxtPackage;

const secret = 'sEcReT/with+signs=';
const context: FaultContext = {
  venue: 'alpha',
  exchange: 'bybit',
  credentialsSource: 'ALPHA_API_KEY',
  codes: bybitProfile.codes,
  redact: createRedact(['theApiKey', secret]),
};
const said = (retCode: number, retMsg = 'said'): string =>
  `bybit ${JSON.stringify({ retCode, retMsg, result: {}, time: 1 })}`;

describe('an error on placing an order', () => {
  const rejected: readonly (readonly [string, Error, string])[] = [
    ['too little money', new ccxt.InsufficientFunds(said(110007)), '110007'],
    ['an invalid order', new ccxt.InvalidOrder(said(110017)), '110017'],
    ['a wrong parameter', new ccxt.BadRequest(said(10001)), '10001'],
    ['a wrong key', new ccxt.AuthenticationError(said(10003)), '10003'],
    ['a missing right', new ccxt.PermissionDenied(said(10005)), '10005'],
    ['an unknown symbol', new ccxt.BadSymbol('bybit does not have market symbol X'), 'BadSymbol'],
    ['too many requests, by the venue', new ccxt.RateLimitExceeded(said(10006)), '10006'],
    ['an old timestamp, by the venue', new ccxt.InvalidNonce(said(10002)), '10002'],
  ];
  it.each(rejected)('%s is refused for certain', (_, error, code) => {
    expect(sendFault(error, context)).toMatchObject({ kind: 'rejected', code });
  });

  it.each([
    ['linear', new ccxt.InvalidOrder(said(110072))],
    ['spot', new ccxt.InvalidOrder(said(170141))],
    ['earn', new ccxt.ExchangeError(said(180010))],
    ['by class', new ccxt.DuplicateOrderId('x')],
  ])('a client id that is taken (%s) means that the order exists', (_, error) => {
    expect(sendFault(error, context)).toEqual({ kind: 'exists' });
  });

  it.each([
    ['a time-out', new ccxt.RequestTimeout('bybit POST timed out')],
    ['a lost connection', new ccxt.NetworkError('bybit POST fetch failed')],
    ['a bad gateway', new ccxt.ExchangeNotAvailable('bybit 502')],
    ['a server time-out inside the venue', new ccxt.ExchangeError(said(10000))],
    ['an internal error', new ccxt.ExchangeError(said(10016))],
    ['an order that timed out inside', new ccxt.InvalidOrder(said(170146))],
    ['a code that nobody knows', new ccxt.ExchangeError(said(424242))],
    ['a bad request without a known code', new ccxt.BadRequest(said(987654))],
    ['a ban by HTTP', new ccxt.RateLimitExceeded('bybit 403 Forbidden')],
    ['a socket error of undici', Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' })],
    ['a TypeError', new TypeError('x is undefined')],
    ['a thrown text', 'oops'],
  ])('%s leaves the outcome unknown', (_, error) => {
    expect(sendFault(error, context).kind).toBe('unknown');
  });
});

describe('an error on cancelling', () => {
  it('says gone only where the venue says that nothing is left', () => {
    for (const code of [110001, 110010, 170142, 170213]) {
      expect(cancelFault(new ccxt.ExchangeError(said(code)), context)).toEqual({ kind: 'gone' });
    }
    expect(cancelFault(new ccxt.OrderNotFound('x'), context)).toEqual({ kind: 'gone' });
    expect(cancelFault(new ccxt.InsufficientFunds(said(110007)), context).kind).toBe('unknown');
    expect(cancelFault(new ccxt.RequestTimeout('x'), context).kind).toBe('unknown');
  });
});

describe('an error on reading', () => {
  it('names the venue and where the key came from when the key is wrong', () => {
    const fault = readFault(new ccxt.AuthenticationError(said(10003)), 'balance', context);
    expect(fault.message).toBe('alpha (bybit): balance failed: 10003 said');
    expect(fault.remedy).toContain('ALPHA_API_KEY');
    expect(fault.retryable).toBe(false);
    expect(readFault(new ccxt.PermissionDenied(said(10005)), 'x', context)).toBeInstanceOf(
      NotPermitted,
    );
  });

  it.each([
    [new ccxt.RequestTimeout('x'), true],
    [new ccxt.RateLimitExceeded(said(10006)), true],
    [new ccxt.OnMaintenance('x'), true],
    [new Error('socket'), true],
    [new ccxt.ExchangeError(said(10016)), true],
    [new ccxt.ExchangeError(said(33333)), false],
    [new ccxt.BadSymbol('x'), false],
    [new ccxt.NotSupported('x'), false],
  ])('%s: trying again can help: %s', (error, retryable) => {
    expect(readFault(error, 'x', context).retryable).toBe(retryable);
  });
});

describe('messages', () => {
  it('hold no secret, signature or query', () => {
    const error = new ccxt.NetworkError(
      `bybit GET https://api.bybit.com/v5/x?api_key=theApiKey&sign=abcdef0123 failed, ` +
        `{"X-BAPI-SIGN":"deadbeef99","k":"theApiKey","s":"${secret}","e":"${encodeURIComponent(secret)}"}`,
    );
    const unknown = sendFault(error, context);
    const texts = [JSON.stringify(unknown), readFault(error, 'x', context).message];
    for (const text of texts) {
      for (const leak of [
        'theApiKey',
        secret,
        encodeURIComponent(secret),
        'abcdef0123',
        'deadbeef99',
      ]) {
        expect(text).not.toContain(leak);
      }
    }
  });

  it('give the venue’s own code, not a zero', () => {
    expect(codeOf(new ccxt.ExchangeError(said(110007)))).toBe('110007');
    expect(codeOf(new Error('okx {"code":"1","data":[{"sCode":"51008"}]}'))).toBe('51008');
    expect(codeOf(new Error('{"code":"0"}'))).toBeNull();
  });

  it('tell "it was so already" from a fault', () => {
    expect(isNoChange(new ccxt.BadRequest(said(110043)), bybitProfile.codes)).toBe(true);
    expect(isNoChange(new ccxt.MarginModeAlreadySet('x'), bybitProfile.codes)).toBe(true);
    expect(isNoChange(new ccxt.BadRequest(said(110024)), bybitProfile.codes)).toBe(false);
  });
});

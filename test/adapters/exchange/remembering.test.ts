/**
 * Goal: how long a venue remembers an order and lists fills comes from its profile to the line: what an order's end is proven by.
 * Method: the gateway of each profile against the venues' documentation; nothing is asked.
 *
 * Tried, and seen to fail: each of the two not handed on; each value of a profile zeroed or left out.
 */
import { expect, test } from 'vitest';
import type { Dialect } from '../../../src/adapters/exchange/dialect.ts';
import { createGateway } from '../../../src/adapters/exchange/gateway.ts';
import { profileOf } from '../../../src/adapters/exchange/profiles/profileOf.ts';
import type { Session } from '../../../src/adapters/exchange/session.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

test.each([
  ['bybit', dayMs, 730 * dayMs],
  ['okx', 120 * minuteMs, 90 * dayMs],
  ['myokx', 120 * minuteMs, 90 * dayMs],
  ['binance', 3 * dayMs, 180 * dayMs],
  ['binanceusdm', 3 * dayMs, 180 * dayMs],
  ['deribit', 30 * minuteMs, dayMs],
  // Not documented: nothing is proven by its lists alone.
  ['hyperliquid', undefined, undefined],
  ['bitget', undefined, undefined],
  ['any other', undefined, undefined],
])('%s says how long it remembers and lists', (exchange, forgetsAfterMs, fillsListedMs) => {
  const session = { profile: profileOf(exchange) } as Session;
  const gateway = createGateway(session, {} as Dialect);
  expect(gateway.forgetsAfterMs).toBe(forgetsAfterMs);
  expect(gateway.fillsListedMs).toBe(fillsListedMs);
});

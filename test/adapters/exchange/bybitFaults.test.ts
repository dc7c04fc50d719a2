/**
 * Goal: whatever a network or a venue does to a request, an order is never taken for refused when it may exist, and a
 * read that failed is never taken for "nothing".
 * Method: the unmodified ccxt class against the simulated exchange, which spoils requests on demand.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decimal } from '../../../src/domain/decimal.ts';
import { venueId } from '../../../src/domain/ids.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import type { SendOutcome } from '../../../src/rebalance/ports/venue.ts';
import {
  approvedOf,
  credentialsOf,
  type Rig,
  recordOf,
  secret,
  startMs,
  startRig,
} from './bybitSimulator.ts';

const create = { path: '/v5/order/create', method: 'POST' } as const;
let rig: Rig;
let btc: Instrument;

beforeEach(async () => {
  rig = await startRig();
  [btc] = (await rig.venue.reader.instruments(['BTC/USDT:USDT'])) as [Instrument];
});
afterEach(() => rig.close());

async function sendTaking() {
  const record = recordOf(btc, { limitPrice: decimal(120_000), timeInForce: 'ioc' });
  // A price band of the venue would refuse it: five percent above the mark at most.
  const priced = {
    ...record,
    limitPrice: decimal(Math.round((await rig.venue.reader.quote(btc)).ask * 1.01)),
  };
  return { record: priced, send: () => rig.venue.gateway.send(approvedOf(priced), priced) };
}

const exists = (clientOrderId: string): boolean =>
  rig.simulator
    .journal()
    .some((entry) => entry.kind === 'order' && entry.order.orderLinkId === clientOrderId);

describe('an order whose answer is spoiled', () => {
  const accepted = [
    ['the connection drops after acceptance', { kind: 'dropAfter' }],
    ['the body stalls', { kind: 'stall' }],
    ['the body is cut off', { kind: 'truncate' }],
    ['HTML comes with status 200', { kind: 'html', accepted: true }],
    ['a bad gateway answers after acceptance', { kind: 'serverError', accepted: true }],
    ['the answer is late', { kind: 'delay', delayMs: 400, when: 'after' }],
    ['a server time-out is claimed', { kind: 'rejected', retCode: 10000, accepted: true }],
    ['a system error is claimed', { kind: 'rejected', retCode: 10016, accepted: true }],
  ] as const;
  it.each(accepted)('is unknown when %s, and is found by its client id', async (_, fault) => {
    const { record, send } = await sendTaking();
    rig.simulator.inject({ ...fault, ...create });
    const outcome = await send();
    expect(outcome.kind).toBe('unknown');
    expect(exists(record.clientOrderId)).toBe(true);
    expect((await rig.venue.gateway.lookUp(record, btc)).kind).toBe('found');
    expect(await send()).toEqual({ kind: 'exists' });
  });

  it.each([
    ['the connection drops before', { kind: 'dropBefore' }],
    ['HTML comes instead', { kind: 'html' }],
    ['a bad gateway answers instead', { kind: 'serverError' }],
  ] as const)('is unknown when %s, and is absent on looking', async (_, fault) => {
    const { record, send } = await sendTaking();
    rig.simulator.inject({ ...fault, ...create });
    expect((await send()).kind).toBe('unknown');
    expect(exists(record.clientOrderId)).toBe(false);
    expect(await rig.venue.gateway.lookUp(record, btc)).toEqual({ kind: 'absent' });
    expect((await send()).kind).toBe('accepted');
  });

  it.each([
    ['money', 110007],
    ['a reduce-only rule', 110017],
    ['too many requests', 10006],
    ['a missing right', 10005],
    ['its timestamp', 10002],
    ['its signature', 10004],
  ] as const)('is refused for %s with the venue’s code', async (_, retCode) => {
    const { record, send } = await sendTaking();
    rig.simulator.inject({ kind: 'rejected', retCode, ...create });
    const outcome: SendOutcome = await send();
    expect(outcome).toMatchObject({ kind: 'rejected', code: String(retCode) });
    expect(exists(record.clientOrderId)).toBe(false);
  });

  it('is sent once: a write is never repeated by itself', async () => {
    const { send } = await sendTaking();
    rig.simulator.inject({ kind: 'dropBefore', ...create });
    await send();
    expect(rig.simulator.journal().filter(({ kind }) => kind === 'order')).toEqual([]);
  });
});

describe('while the venue wants no requests', () => {
  it('an order is refused as not sent, at once: what approved it may be over later', async () => {
    const { record } = await sendTaking();
    const hurried = await rig.open({ writeWaitMsMax: 500 });
    await hurried.reader.instruments([btc.symbol]);
    const send = () => hurried.gateway.send(approvedOf(record), record);
    rig.simulator.inject({ kind: 'rateLimit', ...create });
    expect(await send()).toMatchObject({ kind: 'rejected', code: '10006' });
    const beforeMs = rig.simulator.nowMs();
    expect(await send()).toMatchObject({
      kind: 'rejected',
      code: 'RATE_LIMITED',
      message: expect.stringContaining('not sent'),
    });
    // Cancels are counted apart, as the venue does.
    expect(await hurried.gateway.cancel(record, btc)).toEqual({ kind: 'gone' });
    rig.simulator.inject({ kind: 'rateLimit', path: '/v5/order/cancel', method: 'POST' });
    await hurried.gateway.cancel(record, btc);
    expect(await hurried.gateway.cancel(record, btc)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('not sent'),
    });
    expect(rig.simulator.nowMs()).toBe(beforeMs);
    expect(exists(record.clientOrderId)).toBe(false);
    rig.simulator.advanceTo(beforeMs + 600);
    expect((await send()).kind).toBe('accepted');
  });

  it('a ban stops everything at once until it ends, cancels too, and is told once', async () => {
    const { record } = await sendTaking();
    const bans: { readonly untilMs: number }[] = [];
    const venue = await rig.open({ onBan: (ban) => bans.push(ban) });
    await venue.reader.instruments([btc.symbol]);
    const send = () => venue.gateway.send(approvedOf(record), record);
    rig.simulator.inject({ kind: 'ban', ...create });
    const beforeMs = rig.simulator.nowMs();
    // What was answered by the ban may have been taken before it; what comes after did not leave.
    expect((await send()).kind).toBe('unknown');
    expect(await send()).toMatchObject({ kind: 'rejected', code: 'BANNED' });
    expect((await venue.gateway.cancel(record, btc)).kind).toBe('unknown');
    expect((await venue.gateway.lookUp(record, btc)).kind).toBe('unknown');
    await expect(venue.gateway.cancelAll([btc])).rejects.toMatchObject({ code: 'BANNED' });
    await expect(venue.reader.account()).rejects.toMatchObject({ code: 'BANNED' });
    expect(rig.simulator.nowMs()).toBe(beforeMs);
    expect(bans).toEqual([{ untilMs: beforeMs + 1_000, reason: 'HTTP 403' }]);
    rig.simulator.advanceTo(beforeMs + 1_000);
    expect(await venue.gateway.lookUp(record, btc)).toEqual({ kind: 'absent' });
    expect((await send()).kind).toBe('accepted');
  });

  it('cancelling everything does not wait behind reads', async () => {
    rig.simulator.inject({
      kind: 'rateLimit',
      path: '/v5/account/wallet-balance',
      count: 3,
    });
    await expect(rig.venue.reader.account()).rejects.toMatchObject({ retryable: true });
    const beforeMs = rig.simulator.nowMs();
    expect(await rig.venue.gateway.cancelAll([btc])).toBe(0);
    expect(rig.simulator.nowMs()).toBe(beforeMs);
  });
});

describe('a look-up', () => {
  it.each([
    ['HTML', { kind: 'html' }],
    ['a cut body', { kind: 'truncate' }],
    ['no answer', { kind: 'dropBefore' }],
  ] as const)('that gets %s says unknown, never absent', async (_, fault) => {
    const record = recordOf(btc);
    rig.simulator.inject({ ...fault, path: '/v5/order/history', count: 3 });
    expect((await rig.venue.gateway.lookUp(record, btc)).kind).toBe('unknown');
    expect(await rig.venue.gateway.lookUp(record, btc)).toEqual({ kind: 'absent' });
  });
});

describe('a cancel', () => {
  it('that is not answered is unknown', async () => {
    const bid = (await rig.venue.reader.quote(btc)).bid;
    const record = recordOf(btc, {
      timeInForce: 'postOnly',
      limitPrice: decimal(Math.round(bid * 0.98)),
    });
    await rig.venue.gateway.send(approvedOf(record), record);
    rig.simulator.inject({ kind: 'dropAfter', path: '/v5/order/cancel' });
    expect((await rig.venue.gateway.cancel(record, btc)).kind).toBe('unknown');
    expect(await rig.venue.gateway.cancel(record, btc)).toEqual({ kind: 'gone' });
  });
});

describe('a read', () => {
  it('is tried three times, with waits on the clock port', async () => {
    const before = rig.simulator.nowMs();
    rig.simulator.inject({ kind: 'serverError', path: '/v5/account/wallet-balance', count: 2 });
    await expect(rig.venue.reader.account()).resolves.toMatchObject({ positionMode: 'oneWay' });
    // 200 and 400 ms, each times a half plus the chance of a half.
    expect(rig.simulator.nowMs() - before).toBe(600);
    rig.simulator.inject({ kind: 'serverError', path: '/v5/account/wallet-balance', count: 3 });
    await expect(rig.venue.reader.account()).rejects.toMatchObject({ retryable: true });
  });

  it('that fails is not flat', async () => {
    rig.simulator.inject({ kind: 'html', path: '/v5/position/list', count: 10 });
    await expect(rig.venue.reader.positions()).rejects.toMatchObject({
      name: 'MalformedAnswer',
      message: expect.stringContaining('was HTML'),
    });
  });

  it('lists a fill once that the venue repeats', async () => {
    const { record, send } = await sendTaking();
    await send();
    rig.simulator.inject({ kind: 'duplicateFills', path: '/v5/execution/list' });
    expect(await rig.venue.gateway.fills(record, btc)).toHaveLength(1);
  });

  it('finds an order and its fills after more than a week without us', async () => {
    const { record, send } = await sendTaking();
    rig.simulator.inject({ kind: 'dropAfter', ...create });
    expect((await send()).kind).toBe('unknown');
    rig.simulator.advanceTo(startMs + 9 * 86_400_000);
    expect(await rig.venue.gateway.lookUp(record, btc)).toMatchObject({
      kind: 'found',
      order: { state: 'filled' },
    });
    expect(await rig.venue.gateway.fills(record, btc)).toHaveLength(1);
  });

  it('is honest while the venue is down, and connects once it is back', async () => {
    const venue = await rig.open({});
    rig.simulator.inject({ kind: 'dropBefore', count: 6 });
    await expect(venue.reader.instruments(['BTC/USDT:USDT'])).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^alpha \(bybit\): /),
    });
    rig.simulator.inject({ kind: 'dropBefore', count: 1 });
    await expect(rig.venue.reader.quote(btc)).resolves.toBeDefined();
    await expect(venue.reader.instruments(['BTC/USDT:USDT'])).resolves.toHaveLength(1);
  });

  it('waits as long as a rate limit asks, then goes on', async () => {
    const before = rig.simulator.nowMs();
    rig.simulator.inject({ kind: 'rateLimit', path: '/v5/account/wallet-balance' });
    await rig.venue.reader.account();
    expect(rig.simulator.nowMs() - before).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a wrong key', () => {
  it.each([
    ['key', 'stranger', secret, '10003'],
    ['secret', 'simulated', 'wrongSecretValue', '10004'],
  ])('(its %s) is named with its source and never printed', async (_, apiKey, apiSecret, code) => {
    const venue = await rig.open({
      id: venueId('beta'),
      credentials: credentialsOf(apiKey, apiSecret),
    });
    const error = await venue.reader.account().then(
      () => null,
      (fault: unknown) => fault,
    );
    expect(error).toMatchObject({
      message: expect.stringContaining(`beta (bybit)`),
      remedy: expect.stringContaining('ALPHA_API_KEY'),
      retryable: false,
    });
    const texts = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ''}`;
    expect(texts).toContain(code);
    for (const leak of ['stranger', 'wrongSecretValue', secret]) expect(texts).not.toContain(leak);
  });

  it('of nobody reads public prices and sends nothing', async () => {
    const venue = await rig.open({ credentials: null });
    await expect(venue.reader.quote(btc)).resolves.toBeDefined();
    const record = recordOf(btc);
    const sent = await venue.gateway.send(approvedOf(record), record);
    expect(sent).toMatchObject({ kind: 'rejected' });
    await expect(venue.reader.account()).rejects.toMatchObject({ retryable: false });
  });

  it('that may withdraw is told from one that may not', async () => {
    expect(await rig.venue.reader.permissions()).toEqual({ trade: true, withdraw: false });
    rig.simulator.inject({ kind: 'permissions', permissions: ['read', 'trade', 'withdraw'] });
    expect(await rig.venue.reader.permissions()).toEqual({ trade: true, withdraw: true });
    rig.simulator.inject({ kind: 'permissions', permissions: ['read'] });
    expect(await rig.venue.reader.permissions()).toEqual({ trade: false, withdraw: false });
  });

  it('without the earn right holds nothing there, until an earn product is in use', async () => {
    rig.simulator.inject({ kind: 'permissions', permissions: ['read', 'trade'] });
    const venue = await rig.open({});
    await expect(venue.reader.positions()).resolves.toEqual({});
    await venue.reader.instruments(['earn:USDC']);
    await expect(venue.reader.positions()).rejects.toMatchObject({ retryable: false });
  });
});

describe('the account', () => {
  it('in hedge mode is seen as such while flat, and prepare switches it once', async () => {
    rig.simulator.inject({ kind: 'positionMode', mode: 'hedge' });
    const venue = await rig.open({});
    await venue.reader.instruments(['BTC/USDT:USDT']);
    expect((await venue.reader.account()).positionMode).toBe('hedge');
    await venue.gateway.prepare([btc], 7);
    await venue.gateway.prepare([btc], 7);
    expect((await venue.reader.account()).positionMode).toBe('oneWay');
  });

  it('whose clock is off is measured, and signs with the venue’s time', async () => {
    rig.simulator.inject({ kind: 'clockSkew', skewMs: 7_000 });
    // The venue refuses our timestamps; the offset is measured and the read goes on.
    await expect(rig.venue.reader.account()).resolves.toBeDefined();
    expect(await rig.venue.reader.clockOffsetMs()).toBe(7_000);
  });

  it('whose clock is an hour off is signed for no more, until it is right again', async () => {
    const { record, send } = await sendTaking();
    rig.simulator.inject({ kind: 'clockSkew', skewMs: 3_600_000 });
    await expect(rig.venue.reader.clockOffsetMs()).rejects.toMatchObject({
      retryable: false,
      remedy: expect.stringContaining('clock'),
    });
    expect(await send()).toMatchObject({ kind: 'rejected', code: 'CLOCK_WRONG' });
    expect(exists(record.clientOrderId)).toBe(false);
    rig.simulator.inject({ kind: 'clockSkew', skewMs: 0 });
    expect((await send()).kind).toBe('accepted');
  });

  it('signs an order with the time at which its sender asked for leave', async () => {
    const { record } = await sendTaking();
    const { gateway } = rig.venue;
    const nowMs = rig.simulator.nowMs();
    // A process that was frozen for a minute between the lease's answer and the signature does not sign.
    const late = await gateway.send(approvedOf(record), record, nowMs - 60_000);
    expect(late).toMatchObject({ kind: 'rejected', code: 'LATE' });
    expect(exists(record.clientOrderId)).toBe(false);
    // What is late by the venue's clock alone is signed as it is, and refused there.
    rig.simulator.inject({ kind: 'clockSkew', skewMs: 4_000 });
    const later = await gateway.send(approvedOf(record), record, nowMs - 4_500);
    expect(later).toMatchObject({ kind: 'rejected', code: '10002' });
    expect(exists(record.clientOrderId)).toBe(false);
    expect((await gateway.send(approvedOf(record), record, nowMs - 100)).kind).toBe('accepted');
  });

  it('shows the venue’s signs: maintenance, and coins that cannot leave', async () => {
    expect(await rig.venue.reader.signs(['USDT', 'USDC', 'BTC'])).toMatchObject({
      status: 'ok',
      withdrawalsHalted: [],
      observedAtMs: startMs,
    });
    rig.simulator.inject({ kind: 'withdrawalHalt', coins: ['USDT'] });
    expect((await rig.venue.reader.signs(['USDT', 'USDC', 'BTC'])).withdrawalsHalted).toEqual([
      'USDT',
    ]);
  });
});

/**
 * Goal: whatever a network or a venue does to a request, an order is never taken for refused when it may exist.
 * Method: the unmodified ccxt class against the simulated exchange, which spoils requests on demand.
 */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../src/domain/decimal.ts';
import type { SendOutcome } from '../../../src/rebalance/ports/venue.ts';
import { approvedOf, recordOf } from './bybitSimulator.ts';
import { create, rigForEach } from './faultsGiven.ts';

const given = rigForEach();
const { sendTaking, exists } = given;

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
    given.rig.simulator.inject({ ...fault, ...create });
    const outcome = await send();
    expect(outcome.kind).toBe('unknown');
    expect(exists(record.clientOrderId)).toBe(true);
    expect((await given.rig.venue.gateway.lookUp(record, given.btc)).kind).toBe('found');
    expect(await send()).toEqual({ kind: 'exists' });
  });

  it.each([
    ['the connection drops before', { kind: 'dropBefore' }],
    ['HTML comes instead', { kind: 'html' }],
    ['a bad gateway answers instead', { kind: 'serverError' }],
  ] as const)('is unknown when %s, and is absent on looking', async (_, fault) => {
    const { record, send } = await sendTaking();
    given.rig.simulator.inject({ ...fault, ...create });
    expect((await send()).kind).toBe('unknown');
    expect(exists(record.clientOrderId)).toBe(false);
    expect(await given.rig.venue.gateway.lookUp(record, given.btc)).toEqual({ kind: 'absent' });
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
    given.rig.simulator.inject({ kind: 'rejected', retCode, ...create });
    const outcome: SendOutcome = await send();
    expect(outcome).toMatchObject({ kind: 'rejected', code: String(retCode) });
    expect(exists(record.clientOrderId)).toBe(false);
  });

  it('is sent once: a write is never repeated by itself', async () => {
    const { send } = await sendTaking();
    given.rig.simulator.inject({ kind: 'dropBefore', ...create });
    await send();
    expect(given.rig.simulator.journal().filter(({ kind }) => kind === 'order')).toEqual([]);
  });
});

describe('while the venue wants no requests', () => {
  it('an order is refused as not sent, at once: what approved it may be over later', async () => {
    const { record } = await sendTaking();
    const hurried = await given.rig.open({ writeWaitMsMax: 500 });
    await hurried.reader.instruments([given.btc.symbol]);
    const send = () => hurried.gateway.send(approvedOf(record), record);
    given.rig.simulator.inject({ kind: 'rateLimit', ...create });
    expect(await send()).toMatchObject({ kind: 'rejected', code: '10006' });
    const beforeMs = given.rig.simulator.nowMs();
    expect(await send()).toMatchObject({
      kind: 'rejected',
      code: 'RATE_LIMITED',
      message: expect.stringContaining('not sent'),
    });
    // Cancels are counted apart, as the venue does.
    expect(await hurried.gateway.cancel(record, given.btc)).toEqual({ kind: 'gone' });
    given.rig.simulator.inject({ kind: 'rateLimit', path: '/v5/order/cancel', method: 'POST' });
    await hurried.gateway.cancel(record, given.btc);
    expect(await hurried.gateway.cancel(record, given.btc)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('not sent'),
    });
    expect(given.rig.simulator.nowMs()).toBe(beforeMs);
    expect(exists(record.clientOrderId)).toBe(false);
    given.rig.simulator.advanceTo(beforeMs + 600);
    expect((await send()).kind).toBe('accepted');
  });

  it('a ban stops everything at once until it ends, cancels too, and is told once', async () => {
    const { record } = await sendTaking();
    const bans: { readonly untilMs: number }[] = [];
    const venue = await given.rig.open({ onBan: (ban) => bans.push(ban) });
    await venue.reader.instruments([given.btc.symbol]);
    const send = () => venue.gateway.send(approvedOf(record), record);
    given.rig.simulator.inject({ kind: 'ban', ...create });
    const beforeMs = given.rig.simulator.nowMs();
    // What was answered by the ban may have been taken before it; what comes after did not leave.
    expect((await send()).kind).toBe('unknown');
    expect(await send()).toMatchObject({ kind: 'rejected', code: 'BANNED' });
    expect((await venue.gateway.cancel(record, given.btc)).kind).toBe('unknown');
    expect((await venue.gateway.lookUp(record, given.btc)).kind).toBe('unknown');
    await expect(venue.gateway.cancelAll([given.btc])).rejects.toMatchObject({ code: 'BANNED' });
    await expect(venue.reader.account()).rejects.toMatchObject({ code: 'BANNED' });
    expect(given.rig.simulator.nowMs()).toBe(beforeMs);
    expect(bans).toEqual([{ untilMs: beforeMs + 1_000, reason: 'HTTP 403' }]);
    given.rig.simulator.advanceTo(beforeMs + 1_000);
    expect(await venue.gateway.lookUp(record, given.btc)).toEqual({ kind: 'absent' });
    expect((await send()).kind).toBe('accepted');
  });

  it('cancelling everything does not wait behind reads', async () => {
    given.rig.simulator.inject({
      kind: 'rateLimit',
      path: '/v5/account/wallet-balance',
      count: 3,
    });
    await expect(given.rig.venue.reader.account()).rejects.toMatchObject({ retryable: true });
    const beforeMs = given.rig.simulator.nowMs();
    expect(await given.rig.venue.gateway.cancelAll([given.btc])).toBe(0);
    expect(given.rig.simulator.nowMs()).toBe(beforeMs);
  });
});

describe('a look-up', () => {
  it.each([
    ['HTML', { kind: 'html' }],
    ['a cut body', { kind: 'truncate' }],
    ['no answer', { kind: 'dropBefore' }],
  ] as const)('that gets %s says unknown, never absent', async (_, fault) => {
    const record = recordOf(given.btc);
    given.rig.simulator.inject({ ...fault, path: '/v5/order/history', count: 3 });
    expect((await given.rig.venue.gateway.lookUp(record, given.btc)).kind).toBe('unknown');
    expect(await given.rig.venue.gateway.lookUp(record, given.btc)).toEqual({ kind: 'absent' });
  });
});

describe('a cancel', () => {
  it('that is not answered is unknown', async () => {
    const bid = (await given.rig.venue.reader.quote(given.btc)).bid;
    const record = recordOf(given.btc, {
      timeInForce: 'postOnly',
      limitPrice: decimal(Math.round(bid * 0.98)),
    });
    await given.rig.venue.gateway.send(approvedOf(record), record);
    given.rig.simulator.inject({ kind: 'dropAfter', path: '/v5/order/cancel' });
    expect((await given.rig.venue.gateway.cancel(record, given.btc)).kind).toBe('unknown');
    expect(await given.rig.venue.gateway.cancel(record, given.btc)).toEqual({ kind: 'gone' });
  });
});

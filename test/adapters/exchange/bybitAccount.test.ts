/**
 * Goal: what a key may do, the account's mode and its clock are seen before an order depends on them; no secret is told.
 * Method: the unmodified ccxt class against the simulated exchange, with wrong keys, other modes and a clock that is off.
 */
import { describe, expect, it } from 'vitest';
import { venueId } from '../../../src/domain/ids.ts';
import { approvedOf, credentialsOf, recordOf, secret, startMs } from './bybitSimulator.ts';
import { rigForEach } from './faultsGiven.ts';

const given = rigForEach();
const { sendTaking, exists } = given;

describe('a wrong key', () => {
  it.each([
    ['key', 'stranger', secret, '10003'],
    ['secret', 'simulated', 'wrongSecretValue', '10004'],
  ])('(its %s) is named with its source and never printed', async (_, apiKey, apiSecret, code) => {
    const venue = await given.rig.open({
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
    const venue = await given.rig.open({ credentials: null });
    await expect(venue.reader.quote(given.btc)).resolves.toBeDefined();
    const record = recordOf(given.btc);
    const sent = await venue.gateway.send(approvedOf(record), record);
    expect(sent).toMatchObject({ kind: 'rejected' });
    await expect(venue.reader.account()).rejects.toMatchObject({ retryable: false });
  });

  it('that may withdraw is told from one that may not', async () => {
    expect(await given.rig.venue.reader.permissions()).toEqual({ trade: true, withdraw: false });
    given.rig.simulator.inject({ kind: 'permissions', permissions: ['read', 'trade', 'withdraw'] });
    expect(await given.rig.venue.reader.permissions()).toEqual({ trade: true, withdraw: true });
    given.rig.simulator.inject({ kind: 'permissions', permissions: ['read'] });
    expect(await given.rig.venue.reader.permissions()).toEqual({ trade: false, withdraw: false });
  });

  it('without the earn right holds nothing there, until an earn product is in use', async () => {
    given.rig.simulator.inject({ kind: 'permissions', permissions: ['read', 'trade'] });
    const venue = await given.rig.open({});
    await expect(venue.reader.positions()).resolves.toEqual({});
    await venue.reader.instruments(['earn:USDC']);
    await expect(venue.reader.positions()).rejects.toMatchObject({ retryable: false });
  });
});

describe('the account', () => {
  it('in hedge mode is seen as such while flat, and prepare switches it once', async () => {
    given.rig.simulator.inject({ kind: 'positionMode', mode: 'hedge' });
    const venue = await given.rig.open({});
    await venue.reader.instruments(['BTC/USDT:USDT']);
    expect((await venue.reader.account()).positionMode).toBe('hedge');
    await venue.gateway.prepare([given.btc], 7);
    await venue.gateway.prepare([given.btc], 7);
    expect((await venue.reader.account()).positionMode).toBe('oneWay');
  });

  it('whose clock is off is measured, and signs with the venue’s time', async () => {
    given.rig.simulator.inject({ kind: 'clockSkew', skewMs: 7_000 });
    // The venue refuses our timestamps; the offset is measured and the read goes on.
    await expect(given.rig.venue.reader.account()).resolves.toBeDefined();
    expect(await given.rig.venue.reader.clockOffsetMs()).toBe(7_000);
  });

  it('whose clock is an hour off is signed for no more, until it is right again', async () => {
    const { record, send } = await sendTaking();
    given.rig.simulator.inject({ kind: 'clockSkew', skewMs: 3_600_000 });
    await expect(given.rig.venue.reader.clockOffsetMs()).rejects.toMatchObject({
      retryable: false,
      remedy: expect.stringContaining('clock'),
    });
    expect(await send()).toMatchObject({ kind: 'rejected', code: 'CLOCK_WRONG' });
    expect(exists(record.clientOrderId)).toBe(false);
    given.rig.simulator.inject({ kind: 'clockSkew', skewMs: 0 });
    expect((await send()).kind).toBe('accepted');
  });

  it('signs an order with the time at which its sender asked for leave', async () => {
    const { record } = await sendTaking();
    const { gateway } = given.rig.venue;
    const nowMs = given.rig.simulator.nowMs();
    // A process that was frozen for a minute between the lease's answer and the signature does not sign.
    const late = await gateway.send(approvedOf(record), record, nowMs - 60_000);
    expect(late).toMatchObject({ kind: 'rejected', code: 'LATE' });
    expect(exists(record.clientOrderId)).toBe(false);
    // What is late by the venue's clock alone is signed as it is, and refused there.
    given.rig.simulator.inject({ kind: 'clockSkew', skewMs: 4_000 });
    const later = await gateway.send(approvedOf(record), record, nowMs - 4_500);
    expect(later).toMatchObject({ kind: 'rejected', code: '10002' });
    expect(exists(record.clientOrderId)).toBe(false);
    expect((await gateway.send(approvedOf(record), record, nowMs - 100)).kind).toBe('accepted');
  });

  it('shows the venue’s signs: maintenance, and coins that cannot leave', async () => {
    expect(await given.rig.venue.reader.signs(['USDT', 'USDC', 'BTC'])).toMatchObject({
      status: 'ok',
      withdrawalsHalted: [],
      observedAtMs: startMs,
    });
    given.rig.simulator.inject({ kind: 'withdrawalHalt', coins: ['USDT'] });
    expect((await given.rig.venue.reader.signs(['USDT', 'USDC', 'BTC'])).withdrawalsHalted).toEqual(
      ['USDT'],
    );
  });
});

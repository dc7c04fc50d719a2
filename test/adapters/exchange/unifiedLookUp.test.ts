/**
 * Goal: an order is absent only where the venue's answers prove it, and unknown where they prove nothing.
 * Method: a client in memory that answers as ccxt does, with lists that are whole, cut or not there.
 */
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/adapters/exchange/gateway.ts';
import { okxProfile } from '../../../src/adapters/exchange/profiles/okx.ts';
import { recordOf, startMs } from './bybitSimulator.ts';
import { btc, OrderNotFound, open, order } from './unifiedGiven.ts';

describe('a look-up', () => {
  const record = recordOf(btc);

  it('by client id is absent on the venue’s own word only', async () => {
    const profile = okxProfile;
    const absent = open({ fetchOrder: new OrderNotFound('none') }, profile);
    expect(await absent.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
    const other = open({ fetchOrder: { ...order, clientOrderId: 'another' } }, profile);
    expect((await other.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const found = open({ fetchOrder: { ...order, clientOrderId: record.clientOrderId } }, profile);
    expect((await found.dialect.lookUp(record, btc)).kind).toBe('found');
  });

  it('by looking through orders is absent only where past ones are listed', async () => {
    const listed = open({ fetchOpenOrders: [], fetchClosedOrders: [] });
    expect(await listed.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
    const unlisted = open({ has: {}, fetchOpenOrders: [] });
    expect((await unlisted.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const closed = { ...order, clientOrderId: record.clientOrderId, status: 'closed' };
    const partly = open({ fetchOpenOrders: [], fetchClosedOrders: [closed] });
    expect(await partly.dialect.lookUp(record, btc)).toMatchObject({
      order: { state: 'cancelled', filledBase: '0.01' },
    });
  });

  it('by looking through orders is absent only where the lists may be whole', async () => {
    const others = (count: number) =>
      Array.from({ length: count }, () => ({
        ...order,
        clientOrderId: recordOf(btc).clientOrderId,
      }));
    const kindOf = async (fetchOpenOrders: unknown, fetchClosedOrders: unknown) =>
      (await open({ fetchOpenOrders, fetchClosedOrders }).dialect.lookUp(record, btc)).kind;
    expect(await kindOf(others(9), others(9))).toBe('absent');
    expect(await kindOf([], others(10))).toBe('unknown');
    expect(await kindOf(others(10), [])).toBe('unknown');
  });

  it.each([
    ['none', null],
    ['another form of ours', `t-${record.clientOrderId}`],
    ['what is left of ours', record.clientOrderId.slice(0, 28)],
  ])('by looking through orders proves nothing past one whose id is %s', async (_, stated) => {
    const unnamed = { ...order, clientOrderId: stated };
    const past = open({ fetchOpenOrders: [], fetchClosedOrders: [unnamed] });
    expect((await past.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const undated = { ...unnamed, timestamp: null };
    const without = open({ fetchOpenOrders: [undated], fetchClosedOrders: [] });
    expect((await without.dialect.lookUp(record, btc)).kind).toBe('unknown');
    const old = { ...unnamed, timestamp: record.intendedAtMs - 60_001 };
    const before = open({ fetchOpenOrders: [old], fetchClosedOrders: [] });
    expect(await before.dialect.lookUp(record, btc)).toEqual({ kind: 'absent' });
  });
});

describe('at a venue that never refuses a late request', () => {
  it('an order is absent only after as long as a request can be on its way', async () => {
    const { session, dialect } = open({ fetchOpenOrders: [], fetchClosedOrders: [] });
    const gateway = createGateway(session, dialect);
    const sentAgo = (ms: number) => recordOf(btc, { sentAtMs: startMs - ms });
    expect((await gateway.lookUp(sentAgo(119_999), btc)).kind).toBe('unknown');
    expect(await gateway.lookUp(sentAgo(120_000), btc)).toEqual({ kind: 'absent' });
  });
});

/** What every venue must do with an order, whatever it calls things: the same sentences for each stub. */
import { expect, it } from 'vitest';
import type { OpenedVenue } from '../../../../src/adapters/exchange/openVenue.ts';
import { decimal } from '../../../../src/domain/decimal.ts';
import type { Instrument } from '../../../../src/domain/instrument.ts';
import type { OrderRecord } from '../../../../src/domain/order.ts';
import { approvedOf, recordOf } from '../bybitSimulator.ts';
import { type StubBook, stubMs } from './stubBook.ts';
import type { Reply, Stub } from './stubServer.ts';

export type ContractRig = {
  readonly stub: Stub & { readonly book: StubBook };
  readonly venue: OpenedVenue;
  readonly perpetual: Instrument;
};

export type ContractFacts = {
  /** Requests that place and look up, as path and body. */
  readonly place: RegExp;
  readonly lookUp: RegExp;
  /** Our id as the venue takes it. */
  readonly written: (id: string) => string;
  /** Answers after which an order may exist. */
  readonly open: readonly (readonly [string, Reply])[];
  /** Answers that refuse it, and the code. */
  readonly refused: readonly (readonly [string, Reply, string])[];
  /** What the venue does with an id that it has seen. */
  readonly repeated: 'exists' | 'accepted';
};

export const taking = (instrument: Instrument, over: Partial<OrderRecord> = {}): OrderRecord =>
  recordOf(instrument, { quantityBase: decimal('0.02'), limitPrice: decimal('60100'), ...over });

const resting = { timeInForce: 'postOnly', limitPrice: decimal('59000') } as const;

export function describeOrders(rig: () => ContractRig, facts: ContractFacts): void {
  const send = (record: OrderRecord) => rig().venue.gateway.send(approvedOf(record), record);

  it('is placed under our id in the venue’s form, found by it, and filled exactly', async () => {
    const { stub, venue, perpetual } = rig();
    const record = taking(perpetual);
    const sent = await send(record);
    expect(stub.book.orders.at(-1)).toMatchObject({
      clientId: facts.written(record.clientOrderId),
    });
    expect(sent).toEqual({ kind: 'accepted', venueOrderId: stub.book.orders.at(-1)?.id });
    if (sent.kind !== 'accepted') return;
    const order = {
      clientOrderId: record.clientOrderId,
      venueOrderId: sent.venueOrderId,
      state: 'filled',
      quantityBase: '0.02',
      filledBase: '0.02',
    };
    expect(await venue.gateway.lookUp(record, perpetual)).toMatchObject({ kind: 'found', order });
    const known = { ...record, venueOrderId: sent.venueOrderId, sentAtMs: stubMs };
    expect(await venue.gateway.fills(known, perpetual)).toMatchObject([
      {
        clientOrderId: record.clientOrderId,
        venueOrderId: sent.venueOrderId,
        side: 'buy',
        quantityBase: '0.02',
        price: '60000',
        fee: '0.6',
      },
    ]);
  });

  it('rests, is listed, is cancelled by our id alone, and is then gone', async () => {
    const { venue, perpetual } = rig();
    const record = taking(perpetual, resting);
    expect((await send(record)).kind).toBe('accepted');
    expect(await venue.reader.openOrders([perpetual])).toMatchObject([
      { clientOrderId: record.clientOrderId, state: 'working', filledBase: '0' },
    ]);
    expect(await venue.gateway.cancel(record, perpetual)).toEqual({ kind: 'cancelled' });
    expect(await venue.gateway.cancel(record, perpetual)).toEqual({ kind: 'gone' });
    expect(await venue.gateway.lookUp(record, perpetual)).toMatchObject({
      order: { state: 'cancelled', filledBase: '0' },
    });
  });

  it('is cancelled by the venue’s id too', async () => {
    const { venue, perpetual } = rig();
    const record = taking(perpetual, resting);
    const sent = await send(record);
    if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
    const known = { ...record, venueOrderId: sent.venueOrderId };
    expect(await venue.gateway.cancel(known, perpetual)).toEqual({ kind: 'cancelled' });
    expect(await venue.gateway.cancel(known, perpetual)).toEqual({ kind: 'gone' });
  });

  it('is cancelled with all others, and counted', async () => {
    const { venue, perpetual } = rig();
    await send(taking(perpetual, resting));
    await send(taking(perpetual, resting));
    expect(await venue.gateway.cancelAll([perpetual])).toBe(2);
    expect(await venue.gateway.cancelAll([perpetual])).toBe(0);
  });

  it('that was never sent is absent, while others exist', async () => {
    const { venue, perpetual } = rig();
    expect(await venue.gateway.lookUp(taking(perpetual), perpetual)).toEqual({ kind: 'absent' });
  });

  it.each(facts.open)('is unknown after %s, and is found by its id', async (_, reply) => {
    const { stub, venue, perpetual } = rig();
    const record = taking(perpetual);
    stub.spoil(facts.place, reply, true);
    expect(await send(record)).toMatchObject({ kind: 'unknown' });
    expect(await venue.gateway.lookUp(record, perpetual)).toMatchObject({ kind: 'found' });
  });

  it.each(facts.refused)('is refused for %s with the venue’s code', async (_, reply, code) => {
    const { stub, perpetual } = rig();
    stub.spoil(facts.place, reply);
    expect(await send(taking(perpetual))).toMatchObject({ kind: 'rejected', code });
  });

  it('sent again under the same id does what the profile says', async () => {
    const record = taking(rig().perpetual);
    await send(record);
    expect((await send(record)).kind).toBe(facts.repeated);
  });

  it('is not absent where the look-up cannot be read', async () => {
    const { stub, venue, perpetual } = rig();
    for (let i = 0; i < 3; i += 1) stub.spoil(facts.lookUp, { body: '<html></html>' });
    expect((await venue.gateway.lookUp(taking(perpetual), perpetual)).kind).toBe('unknown');
  });

  it('whose price the class would round past its limit is not sent', async () => {
    const { stub, perpetual } = rig();
    const before = stub.book.orders.length;
    const record = taking(perpetual, { limitPrice: decimal('60000.96') });
    expect(await send(record)).toMatchObject({ kind: 'rejected', code: 'NOT_EXACT' });
    expect(stub.book.orders).toHaveLength(before);
  });
}

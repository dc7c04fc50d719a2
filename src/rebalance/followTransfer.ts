/**
 * What became of a transfer: found in the venue's own list, by client id where it takes one, else by way, amount and time
 * among those that no other record of ours has for its own; and where the list has nothing, by what has left the giving
 * wallet. Only list and balance together prove that it never was, so that it may be sent again; after hours the list alone
 * ends it, and it is never sent again.
 */
import { add, compare, subtract } from '../domain/decimal.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { OrderRecord } from '../domain/order.ts';
import type { VenueAnswer } from '../execution/orderTable/row.ts';
import type { AnswerFacts } from './noteAnswer.ts';
import type { OrderStore } from './ports/stores.ts';
import type { TransferGateway, VenueTransfer } from './ports/venue.ts';
import { readTransfer } from './transferRecord.ts';

/** Clocks differ, and venues stamp at their own moment. */
const clockSlackMs = 5_000;

export type Seen = { readonly answer: VenueAnswer; readonly facts: AnswerFacts };

const states = {
  done: 'foundFilled',
  pending: 'rests',
  failed: 'foundRejected',
} as const satisfies Record<VenueTransfer['state'], VenueAnswer>;

/** No list lags so long: what left the wallet was something else. */
const unlistedMsMax = 6 * 3_600_000;

type Waited = {
  readonly sinceSentMs: number;
  /** No late request can be taken any more, and the settling time has passed between two readings that found neither it nor its coins gone. */
  readonly isSettled: boolean;
  /** No new request may leave, and the settling time has passed between two readings that did not list it. */
  readonly isOver: boolean;
};

export async function lookUpTransfer(
  { gateway, orders }: { readonly gateway: TransferGateway; readonly orders: OrderStore },
  record: OrderRecord,
  { sinceSentMs, isSettled, isOver }: Waited,
): Promise<Seen> {
  const { coin, from, amount, fromFree } = readTransfer(record);
  try {
    const sinceMs = record.intendedAtMs - clockSlackMs;
    const listed = (await gateway.list(coin, sinceMs)).filter((one) => mayBe(one, record));
    const found = await ownOf(listed, record, orders);
    if (found !== undefined) {
      const isDone = found.state === 'done';
      const facts = {
        venueOrderId: found.transferId,
        ...(isDone ? { filledBase: amount } : {}),
        ...(found.state === 'failed' ? { reason: 'the venue says that it failed' } : {}),
      };
      return { answer: states[found.state], facts };
    }
    const free = (await gateway.free(coin))[from];
    // Half of it has left at least: with other orders at work a balance is no exact thing.
    const hasLeft =
      free === undefined ||
      compare(add(free, free), subtract(add(fromFree, fromFree), amount)) <= 0;
    const isOld = isOver && sinceSentMs >= unlistedMsMax && record.venueOrderId === null;
    if (hasLeft && isOld) {
      const reason = 'not listed for hours, though as much has left: taken for never sent';
      return { answer: 'unlistedForHours', facts: { reason } };
    }
    if (hasLeft) return { answer: 'movedUnlisted', facts: { reason: 'not listed, yet it left' } };
    if (record.venueOrderId !== null) return { answer: 'notFoundKnown', facts: {} };
    return { answer: isSettled ? 'notFound' : 'notFoundYet', facts: {} };
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { answer: 'lookUpFails', facts: { reason: error.message } };
  }
}

/** Where a limit is in force one amount follows another: what an earlier record was told or has found is not this one's. */
async function ownOf(
  listed: readonly VenueTransfer[],
  record: OrderRecord,
  orders: OrderStore,
): Promise<VenueTransfer | undefined> {
  const acknowledged = listed.find((one) => one.transferId === record.venueOrderId);
  if (acknowledged !== undefined) return acknowledged;
  const nameless = listed.filter((one) => one.clientOrderId === null);
  const claimed = await orders.claimedTransfers(
    record,
    nameless.map((one) => one.transferId),
  );
  return listed.find((one) => one.clientOrderId !== null || !claimed.has(one.transferId));
}

function mayBe(one: VenueTransfer, record: OrderRecord): boolean {
  if (one.clientOrderId !== null) return one.clientOrderId === record.clientOrderId;
  const { coin, from, to, amount } = readTransfer(record);
  const isSameWay = one.coin === coin && one.from === from && one.to === to;
  return isSameWay && compare(one.amount, amount) === 0;
}

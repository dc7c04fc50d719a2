/** Two wallets of one venue in memory: moves what is sent, the same request twice included, so that a doubled transfer shows. */
import { add, compare, type DecimalText, decimal, subtract } from '../../src/domain/decimal.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { TransferGateway, VenueTransfer } from '../../src/rebalance/ports/venue.ts';

export type WalletsState = {
  /** USDT by wallet. */
  free: Record<string, DecimalText>;
  readonly moved: VenueTransfer[];
  /** What becomes of each request, first to last; then all is well. */
  readonly sends: ('ok' | 'dropBefore' | 'dropAfter' | 'refuse' | 'notSent' | 'pending' | 'fail')[];
  /** Readings of the list that do not show the last transfer. */
  laggingLists: number;
  listFails: boolean;
  /** The venue keeps the client's id. */
  readonly takesIds: boolean;
  /** So long beyond its window the venue takes a late request. */
  lateMsMax: number;
  requests: number;
  /** How long before each request its sender asked for leave; null: it did not say. */
  readonly askedAgoMs: (number | null)[];
};

export const createWallets = (takesIds: boolean): WalletsState => ({
  free: { spot: decimal('90000'), swap: decimal('10') },
  moved: [],
  sends: [],
  laggingLists: 0,
  listFails: false,
  takesIds,
  lateMsMax: 0,
  requests: 0,
  askedAgoMs: [],
});

const timeout = { kind: 'unknown', reason: 'no answer within the limit' } as const;

export function transfersInMemory(state: WalletsState, nowMs: () => number): TransferGateway {
  const move = (
    transfer: Pick<VenueTransfer, 'coin' | 'amount' | 'from' | 'to' | 'clientOrderId'>,
    kind: VenueTransfer['state'],
  ): string => {
    const { from, to, amount } = transfer;
    const before = state.free[from] ?? decimal(0);
    if (compare(before, amount) < 0) throw new Error('the venue would refuse it');
    const transferId = `t${state.moved.length}`;
    state.moved.push({ ...transfer, transferId, state: kind, atMs: nowMs() });
    if (kind === 'failed') return transferId;
    const after = { ...state.free, [from]: subtract(before, amount) };
    state.free = { ...after, [to]: add(after[to] ?? decimal(0), amount) };
    return transferId;
  };
  return {
    get lateMsMax() {
      return state.lateMsMax;
    },
    send: async (record, wanted, askedAtMs) => {
      state.requests += 1;
      state.askedAgoMs.push(askedAtMs === undefined ? null : nowMs() - askedAtMs);
      const clientOrderId = state.takesIds ? record.clientOrderId : null;
      const transfer = { ...wanted, clientOrderId };
      switch (state.sends.shift() ?? 'ok') {
        case 'ok':
          return { kind: 'accepted', venueOrderId: move(transfer, 'done') };
        case 'pending':
          return { kind: 'accepted', venueOrderId: move(transfer, 'pending') };
        case 'fail':
          return { kind: 'accepted', venueOrderId: move(transfer, 'failed') };
        case 'dropBefore':
          return timeout;
        case 'dropAfter':
          move(transfer, 'done');
          return timeout;
        case 'refuse':
          return { kind: 'rejected', code: '-9000', message: 'not allowed' };
        case 'notSent':
          return { kind: 'rejected', code: 'RATE_LIMITED', message: 'waits for its turn' };
      }
    },
    list: async (coin, sinceMs) => {
      if (state.listFails) {
        throw new OperatingError('no answer', { retryable: true, remedy: 'wait' });
      }
      const listed = state.moved.filter((one) => one.coin === coin && one.atMs >= sinceMs);
      if (state.laggingLists <= 0) return listed;
      state.laggingLists -= 1;
      return listed.slice(0, -1);
    },
    free: async () => state.free,
  };
}

/** What a venue in memory does wrong, on demand: requests lost on either way, reads that lag or fail, fills in part or listed late. */
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { OrderGateway, Venue, VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { VenueState } from './venueStateInMemory.ts';

/** Counts are used up, one a call. */
export type VenueFaults = {
  /** What becomes of each request to send, first to last; then all is well. */
  readonly sends: (SendFault | 'none')[];
  /** Look-ups that say "not there" of what is there. */
  laggingLookUps: number;
  /** Look-ups, cancels and readings of an order's fills that are not answered. */
  silentAnswers: number;
  /** Cancels that are not answered, beside those. */
  silentCancels: number;
  /** Readings of an order's fills that list nothing yet. */
  lateFillReadings: number;
  /** No read of the account or the market is answered. */
  isDown: boolean;
  /** Share of what is left of an order that fills where it meets the market. */
  fillShare: number;
  /** Maintenance that the venue asks for, as a multiple of what its tiers say. */
  maintenanceRatio: number;
  /** Passive orders rest, however often they are looked up. */
  passiveRests: boolean;
  /** The fee of a spot purchase is taken in the coin that is bought, and no more of a coin can be sold than is held. */
  feesInCoin: boolean;
};

type SendFault = 'dropBefore' | 'dropAfter' | 'exists' | 'reject';

export const createFaults = (): VenueFaults => ({
  sends: [],
  laggingLookUps: 0,
  silentAnswers: 0,
  silentCancels: 0,
  lateFillReadings: 0,
  isDown: false,
  fillShare: 1,
  maintenanceRatio: 1,
  passiveRests: false,
  feesInCoin: false,
});

const timeout = { kind: 'unknown', reason: 'no answer within the limit' } as const;

/** The world's failure as adapters throw it. */
export const noAnswer = (): OperatingError =>
  new OperatingError('alpha did not answer, was a timeout', {
    retryable: true,
    remedy: 'see whether the venue is up',
  });

export function withFaults({ reader, gateway }: Venue, state: VenueState): Venue {
  const { faults } = state;
  return { reader: failing(reader, faults), gateway: faulty(gateway, state) };
}

/** Instruments stay known: an adapter keeps them once they are loaded. */
function failing(reader: VenueReader, faults: VenueFaults): VenueReader {
  return new Proxy(reader, {
    get(from, key) {
      const member: unknown = Reflect.get(from, key);
      if (typeof member !== 'function' || key === 'instruments') return member;
      return async (...args: unknown[]) => {
        if (faults.isDown) throw noAnswer();
        return (await Reflect.apply(member, from, args)) as unknown;
      };
    },
  });
}

function faulty(gateway: OrderGateway, state: VenueState): OrderGateway {
  const { faults } = state;
  const uses = (
    fault: 'laggingLookUps' | 'silentAnswers' | 'silentCancels' | 'lateFillReadings',
  ) => {
    if (faults[fault] <= 0) return false;
    faults[fault] -= 1;
    return true;
  };
  return {
    ...gateway,
    send: async (order, record) => {
      state.requests.push(record.clientOrderId);
      switch (faults.sends.shift() ?? 'none') {
        case 'none':
          return await gateway.send(order, record);
        case 'dropBefore':
          return timeout;
        case 'dropAfter':
          await gateway.send(order, record);
          return timeout;
        case 'exists':
          return { kind: 'exists' };
        case 'reject':
          return { kind: 'rejected', code: '110007', message: 'insufficient balance' };
      }
    },
    lookUp: async (record, instrument) => {
      if (faults.isDown || uses('silentAnswers')) return timeout;
      if (uses('laggingLookUps')) return { kind: 'absent' };
      return await gateway.lookUp(record, instrument);
    },
    cancel: async (record, instrument) => {
      if (faults.isDown || uses('silentAnswers') || uses('silentCancels')) return timeout;
      return await gateway.cancel(record, instrument);
    },
    fills: async (record, instrument) => {
      if (faults.isDown || uses('silentAnswers')) throw noAnswer();
      return uses('lateFillReadings') ? [] : await gateway.fills(record, instrument);
    },
    cancelAll: async (instruments) => {
      if (faults.isDown) throw noAnswer();
      return await gateway.cancelAll(instruments);
    },
  };
}

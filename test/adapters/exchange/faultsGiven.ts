/** A fresh simulated exchange for each test of a file, and an order that takes from its book. */
import { afterEach, beforeEach } from 'vitest';
import { decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, type Rig, recordOf, startRig } from './bybitSimulator.ts';

/** Call it once, outside of any test; `rig` and `btc` are there while a test runs. */
export function rigForEach() {
  let rig: Rig;
  let btc: Instrument;
  beforeEach(async () => {
    rig = await startRig();
    [btc] = (await rig.venue.reader.instruments(['BTC/USDT:USDT'])) as [Instrument];
  });
  afterEach(() => rig.close());
  return {
    get rig() {
      return rig;
    },
    get btc() {
      return btc;
    },
    sendTaking: async () => {
      const record = recordOf(btc, { limitPrice: decimal(120_000), timeInForce: 'ioc' });
      // A price band of the venue would refuse it: five percent above the mark at most.
      const priced = {
        ...record,
        limitPrice: decimal(Math.round((await rig.venue.reader.quote(btc)).ask * 1.01)),
      };
      return { record: priced, send: () => rig.venue.gateway.send(approvedOf(priced), priced) };
    },
    exists: (clientOrderId: string): boolean =>
      rig.simulator
        .journal()
        .some((entry) => entry.kind === 'order' && entry.order.orderLinkId === clientOrderId),
  };
}

export const create = { path: '/v5/order/create', method: 'POST' } as const;

/** Both venues of Binance on a fresh simulated exchange for each test of a file, wallets apart; and orders to send there. */
import { afterEach, beforeEach } from 'vitest';
import { type OpenedVenue, openVenue } from '../../../src/adapters/exchange/openVenue.ts';
import { type DecimalText, decimal } from '../../../src/domain/decimal.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import type { OrderRecord } from '../../../src/domain/order.ts';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';
import { approvedOf, optionsOf, recordOf, startMs } from './bybitSimulator.ts';

/** Call it once, outside of any test; what it gives is there while a test runs. */
export function binanceForEach() {
  let simulator: Simulator;
  let venue: OpenedVenue;
  let futuresOnly: OpenedVenue;
  let btc: Instrument;
  let ethSpot: Instrument;

  const openVenueOn = (exchange: string, over: Parameters<typeof optionsOf>[1]) =>
    openVenue(optionsOf(simulator, { exchange, ...over }));

  beforeEach(async () => {
    simulator = await startSimulator({
      dialect: binanceDialect,
      market: createGeneratedMarket({ seed: 1 }),
      clock: { kind: 'virtual', nowMs: startMs },
      balances: { USDT: '10000', 'spot:USDT': '5000', 'spot:USDC': '3000' },
    });
    // Nothing here is late on purpose: a busy machine must not make it so.
    const timeouts = { connectMs: 5_000, headersMs: 8_000, bodyMs: 8_000, deadlineMs: 9_000 };
    const open = { receiveWindowMs: 2_000, timeouts };
    venue = await openVenueOn('binance', open);
    futuresOnly = await openVenueOn('binanceusdm', open);
    const symbols = ['BTC/USDT:USDT', 'ETH/USDT'];
    [btc, ethSpot] = (await venue.reader.instruments(symbols)) as [Instrument, Instrument];
    await futuresOnly.reader.instruments(['BTC/USDT:USDT']);
  });
  afterEach(async () => {
    await simulator.close();
    await Promise.all([venue.destroy(), futuresOnly.destroy()]);
  });

  const send = (record: OrderRecord, at = venue) => at.gateway.send(approvedOf(record), record);
  const price = async (instrument: Instrument, share: number): Promise<DecimalText> =>
    decimal(Math.round((await venue.reader.quote(instrument)).ask * share));
  const taking = async (instrument: Instrument, over: Partial<OrderRecord> = {}) =>
    recordOf(instrument, { limitPrice: await price(instrument, 1.005), ...over });
  return {
    get simulator() {
      return simulator;
    },
    get venue() {
      return venue;
    },
    get futuresOnly() {
      return futuresOnly;
    },
    get btc() {
      return btc;
    },
    get ethSpot() {
      return ethSpot;
    },
    send,
    price,
    taking,
    resting: async (instrument: Instrument, over: Partial<OrderRecord> = {}) =>
      taking(instrument, {
        timeInForce: 'postOnly',
        limitPrice: await price(instrument, 0.98),
        ...over,
      }),
    acceptedId: async (record: OrderRecord): Promise<string> => {
      const sent = await send(record);
      if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
      return sent.venueOrderId;
    },
    journalled: (id: string) =>
      simulator
        .journal()
        .filter((entry) => entry.kind === 'order' && entry.order.orderLinkId === id),
  };
}

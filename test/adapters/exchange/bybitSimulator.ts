/** A venue opened on a fresh simulated exchange whose clock only sleeping and the test move; and records to send. */
import {
  type OpenedVenue,
  type OpenVenueOptions,
  openVenue,
} from '../../../src/adapters/exchange/openVenue.ts';
import type { ApprovedOrder } from '../../../src/checks/approvedOrder.ts';
import { decimal, zero } from '../../../src/domain/decimal.ts';
import { readClientOrderId, rebalanceId, venueId } from '../../../src/domain/ids.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import type { OrderRecord } from '../../../src/domain/order.ts';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { createGeneratedMarket } from '../../../src/simulator/market/generated.ts';

export const startMs = Date.UTC(2025, 1, 1, 5);
export const secret = 'simulated-secret';

export type Rig = {
  readonly simulator: Simulator;
  readonly venue: OpenedVenue;
  /** Opens another venue on the same exchange. */
  open(over: Partial<OpenVenueOptions>): Promise<OpenedVenue>;
  close(): Promise<void>;
};

export async function startRig(over: Partial<OpenVenueOptions> = {}): Promise<Rig> {
  const simulator = await startSimulator({
    dialect: bybitDialect,
    market: createGeneratedMarket({ seed: 1 }),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '100000', USDC: '50000' },
  });
  const opened: OpenedVenue[] = [];
  const open = async (own: Partial<OpenVenueOptions>): Promise<OpenedVenue> => {
    const venue = await openVenue(optionsOf(simulator, own));
    opened.push(venue);
    return venue;
  };
  const venue = await open(over);
  return {
    simulator,
    venue,
    open,
    close: async () => {
      await simulator.close();
      for (const each of opened) await each.destroy();
    },
  };
}

export function optionsOf(
  simulator: Pick<Simulator, 'origin' | 'nowMs' | 'advanceTo'>,
  over: Partial<OpenVenueOptions>,
): OpenVenueOptions {
  return {
    id: venueId('alpha'),
    exchange: 'bybit',
    environment: 'simulated',
    endpoint: simulator.origin,
    acknowledgeLive: false,
    credentials: credentialsOf('simulated', secret),
    clock: {
      nowMs: simulator.nowMs,
      sleep: async (ms) => simulator.advanceTo(simulator.nowMs() + Math.ceil(ms)),
    },
    chance: () => 0.5,
    timeouts: { connectMs: 500, headersMs: 250, bodyMs: 250, deadlineMs: 600 },
    ...over,
  };
}

export const credentialsOf = (apiKey: string, apiSecret: string) => ({
  source: 'ALPHA_API_KEY',
  reveal: () => ({ apiKey, secret: apiSecret, password: null }),
});

let made = 0;

/** An intent to trade an instrument, a new client id each. */
export function recordOf(instrument: Instrument, over: Partial<OrderRecord> = {}): OrderRecord {
  made += 1;
  return {
    clientOrderId: readClientOrderId(made.toString(16).padStart(32, 'a')),
    portfolio: 'main',
    rebalanceId: rebalanceId('main-1'),
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action: 'buy',
    timeInForce: 'ioc',
    quantityBase: decimal('0.01'),
    limitPrice: decimal('120000'),
    decisionPrice: 1,
    reduceOnly: false,
    slice: 0,
    attempt: 0,
    purpose: 'plan',
    state: 'intended',
    venueOrderId: null,
    filledBase: zero,
    reason: null,
    intendedAtMs: startMs,
    sentAtMs: null,
    ackedAtMs: null,
    endedAtMs: null,
    ...over,
  };
}

/** The seal is checks' to make; here it is taken from the record, as if every gate had let it pass. */
export const approvedOf = (record: OrderRecord): ApprovedOrder =>
  record as unknown as ApprovedOrder;

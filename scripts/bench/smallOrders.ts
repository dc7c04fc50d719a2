/** Decisions to trade small amounts now: what both ways of sending are given. */
import { decimal, toStep } from '../../src/domain/decimal.ts';
import type { Explanation } from '../../src/domain/decision.ts';
import { observed } from '../../src/domain/observed.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import type { InstrumentObservation, Snapshot } from '../../src/domain/snapshot.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { syncUniverse } from '../../src/rebalance/syncUniverse.ts';
import { symbols, type TradingRig } from './tradingRig.ts';

const orderUsd = 100;

/** What the decisions of all rounds have in common. */
export type Template = { readonly snapshot: Snapshot; readonly explanation: Explanation };

/** A world as it is observed, and a decision explained; the orders are ours to choose. */
export async function observeTemplate({ ports, policy }: TradingRig): Promise<Template> {
  const { gateway, reader } = venueOf(ports);
  await gateway.prepare(await reader.instruments(symbols), 3);
  await syncUniverse(ports, policy);
  const snapshot = await observe(ports, policy, slotOf('bench', 'manual', ports.clock.nowMs()));
  const { explanation } = decide(snapshot, policy);
  if (explanation === null) throw new Error('the market must have a history to decide on');
  return { snapshot, explanation };
}

export function venueOf(ports: Ports): Venue {
  const [venue] = ports.venues.values();
  if (venue === undefined) throw new Error('the rig has a venue');
  return venue;
}

/** The snapshot with quotes of now: what a decision has just seen. */
export async function withQuotes(
  ports: Ports,
  snapshot: Snapshot,
  count: number,
): Promise<Snapshot> {
  const { reader } = venueOf(ports);
  const instruments = await Promise.all(
    snapshot.instruments.map(async (one): Promise<InstrumentObservation> => {
      if (symbols.indexOf(one.instrument.symbol) >= count) return one;
      if (one.instrument.kind !== 'perpetual') return one;
      const quote = await reader.quote(one.instrument);
      return { ...one, quote: observed(quote, ports.clock.nowMs()) };
    }),
  );
  return { ...snapshot, instruments };
}

/** A small order that takes what is there, on the next of the instruments. */
export function orderOf(snapshot: Snapshot, index: number, action: 'buy' | 'sell'): PlannedOrder {
  const symbol = symbols[index % symbols.length];
  const seen = snapshot.instruments.find((one) => one.instrument.symbol === symbol);
  if (seen?.quote.kind !== 'observed') throw new Error(`a quote of ${symbol} must be there`);
  const { instrument, quote } = seen;
  const { mark } = quote.value;
  const worst = mark * (action === 'buy' ? 1.002 : 0.998);
  return {
    instrument: instrument.id,
    venue: instrument.venue,
    symbol: instrument.symbol,
    action,
    style: 'ioc',
    quantityBase: toStep(orderUsd / mark, instrument.quantityStepBase, 'up'),
    limitPrice: toStep(decimal(worst), instrument.priceTick, 'nearest'),
    decisionPrice: mark,
    notionalUsd: orderUsd,
    reduceOnly: false,
    risk: 'increases',
    stage: 0,
    pair: null,
    slice: Math.floor(index / symbols.length),
  };
}

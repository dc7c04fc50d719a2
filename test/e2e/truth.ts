/** The journal of the simulated exchange, read as what a ledger has to say: orders, fills, cash, and what is held. */
import { add, type DecimalText, decimal, negate, zero } from '../../src/domain/decimal.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';

type Journal = readonly JournalEntry[];
type Entry<K extends JournalEntry['kind']> = Extract<JournalEntry, { kind: K }>;

const ofKind = <K extends JournalEntry['kind']>(journal: Journal, kind: K): readonly Entry<K>[] =>
  journal.filter((entry): entry is Entry<K> => entry.kind === kind);

export type TrueOrder = {
  readonly venueOrderId: string;
  readonly clientOrderId: string;
  readonly market: string;
  readonly side: 'buy' | 'sell' | 'subscribe' | 'redeem';
  readonly quantityBase: string;
  readonly filledBase: string;
};

/** Latest state of every order, those of earn products among them, by the venue's id. */
export function ordersIn(journal: Journal): readonly TrueOrder[] {
  const traded = ofKind(journal, 'order').map(
    ({ order }): TrueOrder => ({
      venueOrderId: order.orderId,
      clientOrderId: order.orderLinkId,
      market: `${order.category} ${order.symbol}`,
      side: order.side === 'Buy' ? 'buy' : 'sell',
      quantityBase: decimal(order.quantity),
      filledBase: decimal(order.filledQuantity),
    }),
  );
  const lent = ofKind(journal, 'earnOrder').map(
    ({ order }): TrueOrder => ({
      venueOrderId: order.orderId,
      clientOrderId: order.orderLinkId,
      market: `earn ${order.coin}`,
      side: order.orderType === 'Stake' ? 'subscribe' : 'redeem',
      quantityBase: decimal(order.amount),
      filledBase: order.status === 'Success' ? decimal(order.amount) : zero,
    }),
  );
  return [...new Map([...traded, ...lent].map((one) => [one.venueOrderId, one])).values()];
}

export type TrueFill = {
  readonly fillId: string;
  readonly atMs: number;
  readonly venueOrderId: string;
  readonly clientOrderId: string | null;
  readonly market: string;
  readonly side: 'buy' | 'sell';
  readonly quantityBase: string;
  readonly price: string;
  readonly fee: string;
  readonly feeCoin: string;
};

/** Every execution that changed a position, and every earn order that was carried out. */
export function fillsIn(journal: Journal): readonly TrueFill[] {
  const traded = ofKind(journal, 'fill').map(
    (fill): TrueFill => ({
      fillId: fill.execId,
      atMs: fill.execTimeMs,
      venueOrderId: fill.orderId,
      clientOrderId: fill.orderLinkId === '' ? null : fill.orderLinkId,
      market: `${fill.category} ${fill.symbol}`,
      side: fill.side === 'Buy' ? 'buy' : 'sell',
      quantityBase: decimal(fill.quantity),
      price: decimal(fill.price),
      fee: decimal(fill.fee),
      feeCoin: fill.feeCoin,
    }),
  );
  const lent = ofKind(journal, 'earnOrder')
    .filter(({ order }) => order.status === 'Success')
    .map(
      ({ order }): TrueFill => ({
        fillId: order.orderId,
        atMs: order.updatedMs,
        venueOrderId: order.orderId,
        clientOrderId: order.orderLinkId,
        market: `earn ${order.coin}`,
        side: order.orderType === 'Stake' ? 'buy' : 'sell',
        quantityBase: decimal(order.amount),
        price: decimal(1),
        fee: zero,
        feeCoin: order.coin,
      }),
    );
  return [...traded, ...lent];
}

export type TrueCash = { readonly atMs: number; readonly what: string; readonly amount: string };

/** Funding, positive: received. */
export const fundingIn = (journal: Journal): readonly TrueCash[] =>
  ofKind(journal, 'funding').map((one) => ({
    atMs: one.atMs,
    what: one.symbol,
    amount: negate(one.fee),
  }));

/** Yield that was paid out. */
export const yieldIn = (journal: Journal): readonly TrueCash[] =>
  ofKind(journal, 'yield')
    .filter((one) => one.event === 'distributed')
    .map((one) => ({ atMs: one.atMs, what: one.coin, amount: decimal(one.amount) }));

export const liquidationsIn = (journal: Journal): number => ofKind(journal, 'liquidation').length;

/** Coins in the wallet; where there are two, in both. */
export function walletsIn(journal: Journal): ReadonlyMap<string, DecimalText> {
  const last = new Map<string, { readonly coin: string; readonly balanceAfter: string }>();
  for (const one of ofKind(journal, 'balance')) last.set(`${one.wallet ?? ''} ${one.coin}`, one);
  const sums = new Map<string, DecimalText>();
  for (const { coin, balanceAfter } of last.values())
    sums.set(coin, add(sums.get(coin) ?? zero, decimal(balanceAfter)));
  return sums;
}

export type TrueTransfer = {
  /** The venue's own. */
  readonly transferId: string;
  readonly coin: string;
  readonly amount: string;
  readonly from: 'spot' | 'swap';
  readonly atMs: number;
};

/** Moves between the two wallets of a venue, by their giving side. */
export const transfersIn = (journal: Journal): readonly TrueTransfer[] =>
  ofKind(journal, 'balance')
    .filter(({ cause, cashFlow }) => cause === 'transfer' && cashFlow.startsWith('-'))
    .map(({ reference, id, coin, cashFlow, wallet, atMs }) => ({
      transferId: reference ?? id,
      coin,
      amount: negate(cashFlow),
      from: wallet === 'spot' ? 'spot' : 'swap',
      atMs,
    }));

/** Coins lent; those on their way back are lent until they arrive. */
export function stakesIn(journal: Journal): ReadonlyMap<string, DecimalText> {
  const held = new Map<string, DecimalText>();
  for (const { order } of ofKind(journal, 'earnOrder')) {
    if (order.status !== 'Success') continue;
    const change = order.orderType === 'Stake' ? order.amount : negate(order.amount);
    held.set(order.coin, add(held.get(order.coin) ?? zero, change));
  }
  return held;
}

/** Signed perpetuals, exact, by the venue's own symbol. */
export function positionsIn(journal: Journal): ReadonlyMap<string, DecimalText> {
  const held = new Map<string, DecimalText>();
  for (const fill of ofKind(journal, 'fill')) {
    if (fill.category !== 'linear') continue;
    const signed = fill.side === 'Buy' ? fill.quantity : negate(fill.quantity);
    held.set(fill.symbol, add(held.get(fill.symbol) ?? zero, signed));
  }
  return held;
}

/** What the open perpetuals cost together, quote coin: wallet change + cost = -Σ value of the fills, funding and fees apart. */
export function openCostIn(journal: Journal): number {
  return ofKind(journal, 'fill')
    .filter((fill) => fill.category === 'linear')
    .reduce((sum, fill) => {
      const value = Number(fill.value) * (fill.side === 'Buy' ? 1 : -1);
      return sum + value + Number(fill.execPnl);
    }, 0);
}

/** The least of an exchange: one market at 60,000, orders that fill there or rest, one net position. */
import {
  add,
  compare,
  type DecimalText,
  decimal,
  multiply,
  subtract,
} from '../../../../src/domain/decimal.ts';

export const stubPrice = '60000';
export const stubMs = Date.UTC(2025, 1, 1, 5);

export type StubOrder = {
  readonly id: string;
  readonly clientId: string;
  readonly side: 'buy' | 'sell';
  /** In the venue's own units. */
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  state: 'open' | 'filled' | 'cancelled';
  filled: DecimalText;
};

export type StubTrade = {
  readonly id: string;
  readonly order: StubOrder;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly fee: DecimalText;
  readonly atMs: number;
};

export type StubBook = {
  readonly orders: StubOrder[];
  readonly trades: StubTrade[];
  position(): DecimalText;
  place(asked: Omit<StubOrder, 'id' | 'state' | 'filled'> & { readonly isIoc: boolean }): StubOrder;
  /** null: there is none, or nothing of it rests. */
  cancel(name: string): StubOrder | null;
  find(name: string): StubOrder | undefined;
};

const feeRate = '0.0005';

export function createStubBook(): StubBook {
  const orders: StubOrder[] = [];
  const trades: StubTrade[] = [];
  const find = (name: string) =>
    orders.find(({ id, clientId }) => id === name || clientId === name);
  return {
    orders,
    trades,
    position: () =>
      trades.reduce<DecimalText>(
        (sum, { order, quantity }) =>
          order.side === 'buy' ? add(sum, quantity) : subtract(sum, quantity),
        decimal(0),
      ),
    place: ({ isIoc, ...asked }) => {
      const reach = compare(asked.price, stubPrice);
      const isTaken = asked.side === 'buy' ? reach >= 0 : reach <= 0;
      const order: StubOrder = {
        ...asked,
        id: String(1_000_001 + orders.length),
        state: isTaken ? 'filled' : isIoc ? 'cancelled' : 'open',
        filled: isTaken ? asked.quantity : decimal(0),
      };
      orders.push(order);
      if (isTaken) {
        trades.push({
          id: String(9_000_001 + trades.length),
          order,
          quantity: order.quantity,
          price: decimal(stubPrice),
          fee: multiply(multiply(order.quantity, stubPrice), feeRate),
          atMs: stubMs - 10_000 + trades.length,
        });
      }
      return order;
    },
    cancel: (name) => {
      const order = find(name);
      if (order?.state !== 'open') return null;
      order.state = 'cancelled';
      return order;
    },
    find,
  };
}

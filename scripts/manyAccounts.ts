/**
 * One simulated exchange with many accounts on one origin, as a real one has them: the key names the account.
 *
 * A process of its own: `manyAccounts.ts COUNT`; account i has the key `key-i` and the secret `secret-i`. Says its origin.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bybitDialect } from '../src/simulator/bybit/dialect.ts';
import { createExchange, type Exchange } from '../src/simulator/http/exchange.ts';
import { serve } from '../src/simulator/http/transport.ts';
import { createGeneratedMarket } from '../src/simulator/market/generated.ts';

const market = createGeneratedMarket({ seed: 7 });
const open = (index: number): Exchange =>
  createExchange({
    dialect: bybitDialect,
    market,
    clock: { kind: 'real' },
    balances: { USDT: '100000' },
    credentials: { apiKey: `key-${index}`, apiSecret: `secret-${index}` },
  });
const front = open(-1);
const accounts = new Map<string, Exchange>();
for (let index = 0; index < Number(process.argv[2] ?? 1); index += 1) {
  accounts.set(`key-${index}`, open(index));
}

const server = createServer((incoming, outgoing) => {
  const key = incoming.headers['x-bapi-api-key'];
  const exchange = (typeof key === 'string' ? accounts.get(key) : undefined) ?? front;
  void serve(exchange, incoming, outgoing);
});
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ origin })}\n`);
});

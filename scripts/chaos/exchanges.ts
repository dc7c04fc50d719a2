/** The two venues, a process of their own: generated prices, real time, everything in memory, gone with their parent. */
import { binanceDialect } from '../../src/simulator/binance/dialect.ts';
import { bybitDialect } from '../../src/simulator/bybit/dialect.ts';
import { startVenues } from '../../src/simulator/http/venues.ts';
import { createGeneratedMarket } from '../../src/simulator/market/generated.ts';

const given = JSON.parse(process.argv[2] ?? '{}') as {
  readonly seed: number;
  readonly venues: Readonly<Record<string, 'bybit' | 'binance'>>;
  readonly balances: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
/** Longer than a slot, so that it is followed by another life than asked for it; short enough to see the end. */
const redemptionMs = 4_000;
const dialects = { bybit: bybitDialect, binance: binanceDialect };
const market = createGeneratedMarket({ seed: given.seed });
const started = await startVenues({
  market: {
    ...market,
    earnProducts: market.earnProducts.map((product) => ({ ...product, redemptionMs })),
  },
  clock: { kind: 'real' },
  venues: Object.fromEntries(
    Object.entries(given.venues).map(([name, dialect]) => [
      name,
      { dialect: dialects[dialect], balances: given.balances[name] ?? {} },
    ]),
  ),
});
const origins = [...started.byName].map(([name, { origin }]) => [name, origin]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(origins))}\n`);
// Whoever started it has gone: so does it.
process.stdin.on('end', () => process.exit(0)).resume();

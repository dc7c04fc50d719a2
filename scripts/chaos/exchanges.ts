/** The two venues, a process of their own: generated prices, real time, everything in memory, gone with their parent. */
import { bybitDialect } from '../../src/simulator/bybit/dialect.ts';
import { startVenues } from '../../src/simulator/http/venues.ts';
import { createGeneratedMarket } from '../../src/simulator/market/generated.ts';

const given = JSON.parse(process.argv[2] ?? '{}') as {
  readonly seed: number;
  readonly venues: readonly string[];
  readonly balances: Readonly<Record<string, string>>;
};
const started = await startVenues({
  market: createGeneratedMarket({ seed: given.seed }),
  clock: { kind: 'real' },
  venues: Object.fromEntries(
    given.venues.map((name) => [name, { dialect: bybitDialect, balances: given.balances }]),
  ),
});
const origins = [...started.byName].map(([name, { origin }]) => [name, origin]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(origins))}\n`);
// Whoever started it has gone: so does it.
process.stdin.on('end', () => process.exit(0)).resume();

/**
 * An executor that loses nothing: random rebalances over two venues with every fault on, killed at every effect, compared
 * with the venues' journals.
 *
 * Run: `npx tsx scripts/chaos.ts --seed 1 --orders 2000 --kills 50 [--json]`; `--help` names the rest.
 */
import { appendFileSync } from 'node:fs';
import { help, readOptions } from './chaos/options.ts';
import { runChaos } from './chaos/run.ts';
import { summaryOf } from './chaos/summary.ts';
import type { World } from './chaos/world.ts';

const options = readOptions(process.argv.slice(2));
if (options === 'help') {
  process.stdout.write(help);
} else if (!('seed' in options)) {
  process.stderr.write(`${options.join('\n')}\n`);
  process.exitCode = 2;
} else {
  const startedMs = Date.now();
  process.stderr.write(`seed ${options.seed}, rules ${options.rules}, ${options.worlds} worlds\n`);
  try {
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => stopping.abort());
    }
    const ran = await runChaos(options, (world) => tell(world, options.log), stopping.signal);
    const summary = summaryOf(options, ran, Date.now() - startedMs);
    process.stdout.write(`${JSON.stringify(summary, null, options.json ? 0 : 2)}\n`);
    process.exitCode = summary.broken.length > 0 ? 1 : summary.holds ? 0 : 3;
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

function tell(world: World, log: string | null): void {
  if (log !== null) appendFileSync(`${log}.worlds`, `${JSON.stringify(world)}\n`);
  const { number, queue, venues, slots, kills, gaveUp, isQuiet, ms, audit } = world;
  const { orders, transfers, lost, doubled, unexplained, nakedUsd, handedOnUsd, standingUsd } =
    audit;
  process.stderr.write(
    `world ${number} (${venues.join(', ')}, ${queue}): ${orders} orders and ${transfers} transfers in ${slots} slots, ${kills} kills, ${gaveUp} gave up, ${lost} lost, ${doubled} doubled, ${unexplained} unexplained, ${nakedUsd} USD naked, ${handedOnUsd} handed on, ${standingUsd} at the end${isQuiet ? '' : ', NOT QUIET'}, ${Math.round(ms / 1000)} s\n`,
  );
}

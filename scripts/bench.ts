/** `npm run bench`: one JSON line a figure on stdout. Medians and ratios of one run; they need a quiet machine. */
import { availableParallelism, loadavg } from 'node:os';
import { Command } from 'commander';
import { benchDaemon } from './bench/daemon.ts';
import { benchDecide } from './bench/decide.ts';
import { benchEstimators } from './bench/estimators.ts';
import { printFigure } from './bench/figure.ts';
import { benchOrder } from './bench/order.ts';
import { benchPortfolios } from './bench/portfolios.ts';
import { benchSolver } from './bench/solver.ts';

const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  decide: benchDecide,
  order: benchOrder,
  daemon: benchDaemon,
  portfolios: () => benchPortfolios(Number(process.env['EQUIPOISE_PORTFOLIOS'] ?? 1_000)),
  solver: benchSolver,
  estimators: benchEstimators,
};
const names = Object.keys(parts);

await new Command('bench')
  .description('measures speed and memory, one JSON line a figure')
  .argument('[parts...]', `of ${names.join(', ')}; all where none is named`)
  .action(async (asked: readonly string[]) => {
    const unknown = asked.filter((name) => parts[name] === undefined);
    if (unknown.length > 0) {
      process.stderr.write(
        `a part must be one of ${names.join(', ')}, was ${unknown.join(', ')}\n`,
      );
      process.exitCode = 2;
      return;
    }
    for (const name of asked.length === 0 ? names : asked) {
      await parts[name]?.();
      const [load = 0] = loadavg();
      // Above one runnable process a processor, the times say more of the machine than of the code.
      printFigure('machine.load', load / availableParallelism(), 'ratio', { part: name });
    }
  })
  .parseAsync();

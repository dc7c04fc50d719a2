/**
 * Kills the daemon at random moments and starts it again: ready within ten seconds, nothing lost, nothing doubled.
 *
 * Run: `npx tsx scripts/killRestart.ts --kills 20 --seed 1 [--json]`. Exit code 0 when all holds, 1 when not, 2 for wrong
 * arguments. The seed fixes the moments and the moves of prices, not the speed of the machine.
 */
import { parseArgs } from 'node:util';
import { type Kill, readyMsMax, runTrial, type Trial } from './killRestart/trial.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `--kills must be a whole number above 0, --seed a whole number, was ${values.kills} and ${values.seed}\n`,
  );
  process.exit(2);
}

const tell = (kill: Kill): void => {
  const { number, after, waitedMs, decisionsOpen, ordersOpen, readyMs, reasons } = kill;
  process.stderr.write(
    `kill ${number}: ${waitedMs} ms after ${after}, left ${decisionsOpen} decisions and ${ordersOpen} orders open, ready again after ${readyMs ?? `never: ${reasons}`} ms\n`,
  );
};

const trial = await runTrial({ kills, seed }, tell);
const summary = summaryOf(trial);
process.stdout.write(
  values.json ? `${JSON.stringify(summary)}\n` : `${JSON.stringify(summary, null, 2)}\n`,
);
if (!summary.holds) process.stderr.write(`${trial.log.split('\n').slice(-200).join('\n')}\n`);
process.exitCode = summary.holds ? 0 : 1;

function summaryOf({ audit, ...run }: Trial) {
  const readyMs = run.kills.map((kill) => kill.readyMs ?? Number.POSITIVE_INFINITY);
  const sorted = [...readyMs].sort((a, b) => a - b);
  const readyMsWorst = sorted.at(-1) ?? Number.NaN;
  return {
    holds:
      readyMsWorst <= readyMsMax &&
      audit.faults.length === 0 &&
      run.stopCode === 0 &&
      run.reconcileCode === 0,
    seed: run.seed,
    kills: run.kills.length,
    readyMsMedian: sorted[Math.floor((sorted.length - 1) / 2)],
    readyMsWorst,
    killsWithOpenDecisions: run.kills.filter((kill) => kill.decisionsOpen > 0).length,
    killsWithOpenOrders: run.kills.filter((kill) => kill.ordersOpen > 0).length,
    orders: audit.orders,
    fills: audit.fills,
    neverAccepted: audit.neverAccepted,
    onTheirWay: audit.onTheirWay,
    stopMs: run.stopMs,
    stopCode: run.stopCode,
    reconcileCode: run.reconcileCode,
    reconcileSaid: run.reconcileCode === 0 ? '' : run.reconcileSaid,
    faults: audit.faults,
  };
}

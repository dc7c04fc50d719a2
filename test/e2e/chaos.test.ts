/**
 * Goal: nothing is lost, doubled, left unexplained or naked, whatever venue, network, database and crashes do.
 * Method: four worlds of `scripts/chaos`, every fault on, the worker killed at every effect, database and queue crashed under
 * it; then the ledger is laid on the venues' journals. The seed is printed; nothing is asserted about time.
 */
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../scripts/chaos/options.ts';
import { runChaos } from '../../scripts/chaos/run.ts';
import { summaryOf } from '../../scripts/chaos/summary.ts';

const seed = 20;
const limitMs = 900_000;

describe('chaos', () => {
  it(`loses nothing in two thousand orders and fifty kills (seed ${seed})`, {
    timeout: limitMs,
  }, async () => {
    console.log(
      `npx tsx scripts/chaos.ts --seed ${seed} --orders 2000 --kills 50 --worlds 4 --lanes 2`,
    );
    const args = ['--orders', '2000', '--kills', '50', '--worlds', '4', '--lanes', '2'];
    const options = readOptions(['--seed', `${seed}`, ...args]);
    if (typeof options === 'string' || !('seed' in options))
      throw new Error(JSON.stringify(options));
    const ran = await runChaos(options, () => undefined);
    const found = summaryOf(options, ran, 0);
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({
      lost: 0,
      doubled: 0,
      unexplained: 0,
      nakedPairs: 0,
      standingLegs: 0,
      unquiet: [],
      broken: [],
    });
    expect(found.orders).toBeGreaterThanOrEqual(2_000);
    expect(found.kills).toBeGreaterThanOrEqual(50);
  });
});

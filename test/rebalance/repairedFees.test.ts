/**
 * Pairs whose spot half paid its fee in the coin that it bought: what is unwound is what is there.
 *
 * Method: a carry pair at a venue in memory that takes fees so and sells no more than is held; its other half fails.
 */
import { expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import { ethSpot, eventsNamed, leaseOf, openedWorld, policy, recordTrade } from './given.ts';
import { fallingAfterBoth, long, pair, repairs, run, short, wants } from './pairsGiven.ts';

/** Of two that are bought the venue takes five basis points. */
const held = 1.999;

function charged() {
  const { world, ports } = openedWorld();
  world.venue.faults.feesInCoin = true;
  return { world, ports };
}

test('the half that was bought is sold as far as it was delivered, in one order', async () => {
  const { world, ports } = charged();
  world.venue.faults.sends.push('none', 'reject');
  const record = await recordTrade(ports, pair, wants);
  await execute(fallingAfterBoth(world, ports), record, await leaseOf(ports));
  expect([long(world), short(world)]).toEqual([0, 0]);
  expect(repairs(world)).toMatchObject([
    { symbol: ethSpot.symbol, action: 'sell', quantityBase: String(held), state: 'filled' },
  ]);
  expect(eventsNamed(world, 'pairUnhedged')).toEqual([]);
  expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
});

test('so it is where the completing order is refused as well', async () => {
  const { world, ports } = charged();
  world.venue.faults.sends.push('none', 'reject', 'reject');
  await run(ports);
  expect([long(world), short(world)]).toEqual([0, 0]);
  expect(repairs(world).map((one) => one.state)).toEqual(['rejected', 'filled']);
});

test('the other half is completed by what was bought, as planned', async () => {
  const { world, ports } = charged();
  world.venue.faults.sends.push('none', 'reject');
  await run(ports);
  expect([long(world), short(world)]).toEqual([held, 2]);
});

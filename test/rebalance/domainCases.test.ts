/**
 * The worked case of the kill switch. An algorithm is a portfolio here, and has accounts of its own: what it may cancel is what
 * rests in those, at every venue; what another has in an account of its own at the same venue stays.
 */
import { expect, test } from 'vitest';
import { venueId } from '../../src/domain/ids.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { cancelEverywhere } from '../../src/rebalance/halt.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import { domainCase } from '../domainCase.ts';
import { policyOf } from './policyGiven.ts';

type Open = readonly [venue: string, algorithm: string];

/** The accounts of one algorithm, over the orders of all. */
function venuesOf(algorithm: string, resting: Set<Open>, failing: readonly string[] = []) {
  const own = [...resting].filter(([, by]) => by === algorithm).map(([venue]) => venue);
  return new Map(
    own.map((name) => {
      const cancelAll = async () => {
        if (failing.includes(name))
          throw new OperatingError('no answer', { retryable: true, remedy: 'ask again' });
        const gone = [...resting].filter(([venue, by]) => venue === name && by === algorithm);
        for (const each of gone) resting.delete(each);
        return gone.length;
      };
      const reader = { id: venueId(name), instruments: async () => [] };
      return [venueId(name), { reader, gateway: { cancelAll } } as unknown as Venue];
    }),
  );
}

const { inputs, expected } = domainCase<
  { readonly open: readonly Open[]; readonly kill: string },
  { readonly cancelled: readonly Open[]; readonly remaining: readonly Open[] }
>('O05');

test('O05: everything of one algorithm goes at all venues, and nothing of another', async () => {
  const resting = new Set(inputs.open);
  const report = await cancelEverywhere(venuesOf(inputs.kill, resting), policyOf([]));
  expect(inputs.open.filter((each) => !resting.has(each))).toEqual(expected.cancelled);
  expect([...resting]).toEqual(expected.remaining);
  expect(report.map(({ venue, cancelled, failure }) => [venue, cancelled, failure])).toEqual(
    expected.cancelled.map(([venue]) => [venue, 1, null]),
  );
});

test('O05: a venue that cannot be reached is reported, and keeps no other from being reached', async () => {
  const resting = new Set(inputs.open);
  const [[lost] = ['']] = expected.cancelled;
  const report = await cancelEverywhere(venuesOf(inputs.kill, resting, [lost]), policyOf([]));
  expect(report.find(({ venue }) => venue === lost)).toMatchObject({
    cancelled: null,
    failure: 'no answer',
  });
  expect(report.filter(({ venue }) => venue !== lost).every((each) => each.cancelled === 1)).toBe(
    true,
  );
});

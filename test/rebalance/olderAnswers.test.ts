/**
 * Answers that come after another process has asked for the same order anew: what is said of the older request ends nothing,
 * and less filled takes nothing back.
 *
 * Method: an answer to a first request noted onto a row that was found absent and is `intended` again, as it was; every pair
 * of request and answer; and the line itself, frozen with its request on the way.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { isTerminal, type OrderRecord } from '../../src/domain/order.ts';
import { type VenueAnswer, venueAnswers } from '../../src/execution/orderTable/row.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { noteAnswer } from '../../src/rebalance/noteAnswer.ts';
import type { SendOutcome } from '../../src/rebalance/ports/venue.ts';
import { startProcess } from '../simulation/world.ts';
import { leaseOf, openedWorld, planned, policy, recordTrade, withVenue } from './given.ts';
import { kinds, stand } from './orderWalkGiven.ts';

/** The order as its first sender knows it, and the row in which somebody else has asked for it again. */
async function askedTwice(kind: (typeof kinds)[number], state: OrderRecord['state']) {
  const { world, ports } = await stand({ kind, state: 'intended', answer: 'rests' }, 'lookUp');
  const [first] = world.rows.orders.values();
  if (first === undefined) throw new Error('the order is recorded');
  const again: OrderRecord = { ...first, state, sentAtMs: world.nowMs + 9_000 };
  world.rows.orders.set(first.clientOrderId, again);
  return { world, ports, first, again };
}

describe.each(kinds)('an answer to an older request: %s', (kind) => {
  const requests = Object.keys(venueAnswers.request) as VenueAnswer[];

  test.each(requests)('%s ends nothing, and nothing is sent again for it', async (answer) => {
    for (const state of ['intended', 'unknown', 'absent', 'working'] as const) {
      const { ports, first, again } = await askedTwice(kind, state);
      const facts = { sentAtMs: first.intendedAtMs + 1 };
      const { record, act } = await noteAnswer(ports, first, answer, facts);
      if (state !== 'absent') expect(isTerminal(record.state), state).toBe(false);
      expect(['resend', 'attempt', 'refuse']).not.toContain(act);
      expect(record.sentAtMs).toBe(again.sentAtMs);
    }
  });

  test.each(['notFound', 'forgotten'] as const)(
    'that it was %s does not end the newer one',
    async (answer) => {
      const { ports, first } = await askedTwice(kind, 'intended');
      const { record, act } = await noteAnswer(ports, first, answer);
      expect(record.state).toBe('intended');
      expect(act).toBe('lookUp');
    },
  );

  test('that it was found is taken', async () => {
    const { ports, first } = await askedTwice(kind, 'intended');
    const { record } = await noteAnswer(ports, first, 'rests', { venueOrderId: 'v1' });
    expect(record).toMatchObject({ state: 'working', venueOrderId: 'v1' });
  });
});

test('a reading that lags takes back nothing that another process has written meanwhile', async () => {
  const { world, ports } = await stand(
    { kind: 'maker', state: 'partly', answer: 'rests' },
    'lookUp',
  );
  const [stale] = world.rows.orders.values();
  if (stale === undefined) throw new Error('the order is recorded');
  world.rows.orders.set(stale.clientOrderId, { ...stale, filledBase: decimal('0.08') });
  const facts = { venueOrderId: 'v1', filledBase: decimal('0.06') };
  const { record, hasGrown } = await noteAnswer(ports, stale, 'rests', facts);
  expect(record).toMatchObject({ state: 'working', filledBase: '0.08', venueOrderId: 'v1' });
  expect(hasGrown).toBe(false);
});

test('a worker frozen on the wire, refused for being late, leaves the order of its successor alone', async () => {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, [planned()], []);
  const late: SendOutcome = { kind: 'rejected', code: '10002', message: 'timestamp' };
  const frozen = withVenue(ports, {
    gateway: {
      send: async (_, row) => {
        // Its request never arrives. The successor finds it absent, asks again, and is killed with that on the wire.
        world.nowMs += policy.execution.settlingMs * 4;
        const next = startProcess(world, 2);
        const dying = withVenue(next, {
          gateway: { send: () => Promise.reject(new Error('killed')) },
        });
        await execute(dying, record, await leaseOf(dying)).catch(() => undefined);
        const [stored] = world.rows.orders.values();
        expect(stored).toMatchObject({ state: 'intended', clientOrderId: row.clientOrderId });
        expect(stored?.sentAtMs).not.toBeNull();
        return late;
      },
    },
  });
  await execute(frozen, record, await leaseOf(frozen));
  const [after] = world.rows.orders.values();
  expect(after?.state).toBe('unknown');
});

/**
 * Goal: with the order count at its threshold, what takes risk away still leaves; or the limiter itself would hold back the
 * spot half of a closing pair, and the repair of it.
 * Method: a client in memory behind a limit that does not refill in time, orders of the plan until one is refused as not
 * sent, then the order in question.
 */
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/adapters/exchange/gateway.ts';
import { carefulProfile } from '../../../src/adapters/exchange/profiles/profile.ts';
import type { OrderRecord, PlannedOrder } from '../../../src/domain/order.ts';
import { approvedOf, recordOf } from './bybitSimulator.ts';
import { btc, open } from './unifiedGiven.ts';

const { traffic } = carefulProfile;
const orders = { burst: 5, perSecond: 0.1, reserveShare: 0.4 };
const profile = {
  ...carefulProfile,
  traffic: { ...traffic, limits: { ...traffic.limits, orders } },
};
const beforeTheShare = 3;

/** @returns how orders are sent once only the kept share is left. */
async function atTheThreshold() {
  const { session, dialect, calls } = open({ createOrder: { id: '9' } }, profile);
  const gateway = createGateway(session, dialect);
  const send = (over: Partial<OrderRecord>, risk: PlannedOrder['risk']) => {
    const record = recordOf(btc, over);
    return gateway.send({ ...approvedOf(record), risk }, record);
  };
  for (let sent = 0; sent < beforeTheShare; sent += 1) {
    expect(await send({}, 'increases')).toMatchObject({ kind: 'accepted' });
  }
  const refused = { kind: 'rejected', code: 'RATE_LIMITED' };
  expect(await send({}, 'increases')).toMatchObject(refused);
  expect(calls).toHaveLength(beforeTheShare);
  return send;
}

describe('with only the kept share left', () => {
  it.each([
    ['what the plan says reduces, though no flag does', { action: 'sell' }, 'reduces'],
    ['what may only reduce', { reduceOnly: true, action: 'sell' }, 'increases'],
    ['a repair, and what the guard sends', { purpose: 'repair' }, 'increases'],
    ['what a person closes', { purpose: 'flatten' }, 'increases'],
  ] as const)('%s leaves, new risk does not', async (_, over, risk) => {
    const send = await atTheThreshold();
    expect(await send(over, risk)).toEqual({ kind: 'accepted', venueOrderId: '9' });
    expect(await send({}, 'increases'), 'new risk').toMatchObject({ code: 'RATE_LIMITED' });
  });
});

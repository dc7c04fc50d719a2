/**
 * Goal: of two workers in two processes one is frozen in the midst of a rebalance past its lease, the other takes over and
 * completes; the first, resumed, sends no order, and its requests that were on their way come too late.
 *
 * Method: SIGSTOP while the exchange holds back its orders, so that it is known to be in the midst; every wait is for a state
 * that can be seen, the lease's end by the database's own clock. All requests of the first worker pass a way of the test's own,
 * which holds them, lets them go after the takeover, and counts what is signed after SIGCONT.
 *
 * What each step of the lease is worth is tried one by one in test/rebalance/leaseLost.test.ts and stopped.test.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisAbsence } from '../scheduler/redisServer.ts';
import { ensureBuilt } from './daemonProcess.ts';
import { type FleetSite, openFleetSite, type Process, patienceMs, until } from './fleetSite.ts';
import { type HeldWay, openHeldWay } from './heldWay.ts';
import { ordersIn } from './truth.ts';

const absence = redisAbsence();
if (absence !== null) console.warn(`skipped: the frozen worker: ${absence}`);
const portfolio = 'frozen';
const create = '/v5/order/create';
let site: FleetSite;
let way: HeldWay;
const processes: Process[] = [];
const said = () => processes.map((one) => one.log()).join('\n---\n');

beforeAll(async () => {
  if (absence !== null) return;
  await ensureBuilt();
  site = await openFleetSite([portfolio], {
    // One rebalance at the start of each worker, and none by the clock: what is seen is what was meant.
    rebalance: {
      every: 3_600_000,
      onStart: true,
      onDrift: false,
      driftBandShare: 0.001,
      deadlineMs: 120_000,
    },
  });
  way = await openHeldWay(site.exchange(portfolio).origin);
}, 120_000);
afterAll(async () => {
  if (absence !== null) return;
  await site.close();
  await way.close();
});

const start = (endpoint?: string): Process => {
  const one = site.start('worker', { portfolio, ...(endpoint === undefined ? {} : { endpoint }) });
  processes.push(one);
  return one;
};
const isWrite = ({ method }: { readonly method: string }) => method !== 'GET';

test.skipIf(absence !== null)(
  'a worker frozen past its lease is taken over from, and resumed it sends nothing',
  async () => {
    way.hold('POST', create);
    const stale = start(way.origin);
    const decided = await until('the first worker’s orders are on their way', said, async () => {
      const [row] = await site.rows<{ rebalance_id: string; orders: number }>(
        `select rebalance_id, (select count(*)::int from orders
          where orders.rebalance_id = decisions.rebalance_id) as orders
        from decisions where outcome is null`,
      );
      const held = way.passed.filter((one) => one.path === create).length;
      return row !== undefined && held > 0 && held === row.orders ? row : null;
    });
    stale.child.kill('SIGSTOP');
    await until('the lease has run out', said, async () => {
      const rows = await site.rows(
        'select 1 from leases where portfolio = $1 and expires_at < clock_timestamp()',
        [portfolio],
      );
      return rows.length > 0 ? true : null;
    });
    expect(ordersIn(site.exchange(portfolio).journal())).toEqual([]);

    start();
    const outcome = await until('the second worker ends the rebalance', said, async () => {
      const [row] = await site.rows<{ outcome: string | null }>(
        'select outcome from decisions where rebalance_id = $1',
        [decided.rebalance_id],
      );
      return row?.outcome ?? null;
    });
    expect(outcome, said()).toBe('complete');
    const rowsNow = () =>
      site.rows<{ client_order_id: string; state: string; filled_base: string }>(
        `select client_order_id, state, filled_base::text from orders where rebalance_id = $1
        order by client_order_id`,
        [decided.rebalance_id],
      );
    const rows = await rowsNow();
    expect(rows.map((row) => row.state)).toEqual(rows.map(() => 'filled'));

    // What the frozen one had sent arrives now: the venue refuses it for its age.
    const late = await way.release();
    expect(late).toHaveLength(decided.orders);
    for (const { answer } of late) {
      expect((JSON.parse(answer ?? '{}') as { readonly retCode?: number }).retCode).toBe(10002);
    }

    const before = way.passed.length;
    stale.child.kill('SIGCONT');
    await until('the resumed worker finds that it lost the lease', said, async () =>
      stale
        .log()
        .split('\n')
        .some((line) => line.includes('leaseLost') && line.includes(decided.rebalance_id))
        ? true
        : null,
    );
    expect(way.passed.slice(before).filter(isWrite)).toEqual([]);
    expect(await rowsNow()).toEqual(rows);

    const orders = ordersIn(site.exchange(portfolio).journal());
    const ids = orders.map((order) => order.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { client_order_id: id } of rows) expect(ids).toContain(id);
    const [{ count } = { count: -1 }] = await site.rows<{ count: number }>(
      'select count(*)::int as count from orders',
    );
    expect(ids).toHaveLength(count);
  },
  3 * patienceMs,
);

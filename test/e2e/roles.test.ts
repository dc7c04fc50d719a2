/**
 * Goal: one scheduler, two workers and one page, each a process of its own, serve several portfolios over one PostgreSQL and one
 * Redis; no portfolio touches another, and a worker that is killed is made up for by the other.
 *
 * Method: processes of the built program; the exchange's journals and the database say what happened. Scheduler and page are
 * given no keys: they could not sign a request.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisAbsence } from '../scheduler/redisServer.ts';
import { ensureBuilt } from './daemonProcess.ts';
import { ended } from './daemonSite.ts';
import { type FleetSite, openFleetSite, type Process, patienceMs, until } from './fleetSite.ts';
import { ordersIn } from './truth.ts';

const absence = redisAbsence();
if (absence !== null) console.warn(`skipped: the roles: ${absence}`);
const names = ['one', 'two', 'three'];
let site: FleetSite;
const processes: Record<string, Process> = {};
const said = () =>
  Object.values(processes)
    .map((one) => one.log())
    .join('\n');

beforeAll(async () => {
  if (absence !== null) return;
  await ensureBuilt();
  site = await openFleetSite(names);
  processes['scheduler'] = site.start('scheduler');
  processes['first'] = site.start('worker');
  processes['second'] = site.start('worker');
  processes['web'] = site.start('web');
}, 120_000);
afterAll(async () => {
  if (absence === null) await site.close();
});

const completed = async (portfolio: string): Promise<number> => {
  const [row] = await site.rows<{ count: number }>(
    `select count(*)::int as count from decisions where portfolio = $1 and outcome is not null`,
    [portfolio],
  );
  return row?.count ?? 0;
};
const filled = (portfolio: string) =>
  site
    .exchange(portfolio)
    .journal()
    .filter((entry) => entry.kind === 'fill').length;

test.skipIf(absence !== null)(
  'every portfolio is rebalanced and filled on its own account',
  async () => {
    for (const name of names) {
      await until(`${name} is filled`, said, async () =>
        (await completed(name)) >= 2 && filled(name) > 0 ? true : null,
      );
      const orders = ordersIn(site.exchange(name).journal());
      const ids = orders.map((order) => order.clientOrderId);
      expect(new Set(ids).size).toBe(ids.length);
      const owners = await site.rows<{ portfolio: string }>(
        'select distinct portfolio from orders where client_order_id = any($1)',
        [ids],
      );
      expect(owners).toEqual([{ portfolio: name }]);
      const opened = await site.rows(
        `select 1 from transactions where portfolio = $1 and kind = 'opening'`,
        [name],
      );
      expect(opened.length).toBeGreaterThan(0);
      const found = await site.rows<{ found: unknown[] }>(
        'select found from discrepancies where portfolio = $1',
        [name],
      );
      expect(found.flatMap((row) => row.found)).toEqual([]);
    }
  },
  patienceMs + 10_000,
);

test.skipIf(absence !== null)(
  'the page, which has no key, tells what the workers do, of each portfolio',
  async () => {
    const origin = await processes['web']?.origin();
    for (const name of names) {
      await until(`${name} is shown ready`, said, async () => {
        const answer = await fetch(`${origin}/portfolios/${name}/readyz`);
        return answer.status === 200 ? true : null;
      });
      const status = (await (await fetch(`${origin}/portfolios/${name}/api/status`)).json()) as {
        readonly portfolio: string;
        readonly equityUsd: number;
        readonly venues: readonly { readonly marginRatio: number | null }[];
      };
      expect(status.portfolio).toBe(name);
      expect(status.equityUsd).toBeGreaterThan(90_000);
      expect(status.venues[0]?.marginRatio).not.toBeNull();
    }
    const listed = (await (await fetch(`${origin}/api/portfolios`)).json()) as {
      readonly portfolios: readonly { readonly portfolio: string }[];
    };
    expect(listed.portfolios.map((one) => one.portfolio).sort()).toEqual([...names].sort());
    expect((await fetch(`${origin}/portfolios/nobody/readyz`)).status).toBe(404);
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  },
  patienceMs,
);

test.skipIf(absence !== null)(
  'a worker that is killed is made up for, and all end by themselves when told to',
  async () => {
    const first = processes['first'];
    if (first === undefined) throw new Error('the first worker runs');
    await ended(first.child, 'SIGKILL');
    for (const name of names) {
      const before = await completed(name);
      await until(`${name} goes on`, said, async () =>
        (await completed(name)) > before ? true : null,
      );
    }
    for (const role of ['web', 'second', 'scheduler']) {
      const one = processes[role];
      if (one === undefined) throw new Error(`${role} runs`);
      expect(await ended(one.child, 'SIGTERM'), one.log()).toBe(0);
      expect(one.log()).not.toMatch(/"level":"(error|fatal)"/);
    }
    for (const name of names) {
      const ids = ordersIn(site.exchange(name).journal()).map((order) => order.clientOrderId);
      expect(new Set(ids).size).toBe(ids.length);
    }
  },
  2 * patienceMs,
);

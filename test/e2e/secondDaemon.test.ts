/**
 * Goal: a second daemon on an account that another one trades refuses to start, says why, and leaves the account alone, though
 * it has a database and a portfolio's name of its own.
 *
 * Method: two daemons on one simulated exchange account, each with an embedded database of its own; the exchange's journal says
 * that the second sent nothing.
 */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt, freePort, runCli } from './daemonProcess.ts';
import { ended, openSite, type Site } from './daemonSite.ts';
import { until } from './fleetSite.ts';
import { ordersIn } from './truth.ts';

const limitMs = 90_000;
let site: Site;
let daemon: ChildProcess;

beforeAll(async () => {
  await ensureBuilt();
  site = await openSite({
    rebalance: { every: 3_600_000, onStart: true, driftBandShare: 0.001, deadlineMs: 20_000 },
    execution: { style: 'ioc', settlingMs: 3_000, pollMs: 100 },
  });
  daemon = site.start();
}, 120_000);
afterAll(async () => {
  await ended(daemon, 'SIGKILL');
  await site.close();
});

test('a daemon from elsewhere on the same account is refused', async () => {
  await until(
    'the first daemon has traded',
    () => site.log(),
    async () => (site.log().includes('rebalanceEnded') ? true : null),
  );
  const ids = async () => ordersIn(await site.journal()).map((order) => order.clientOrderId);
  const before = await ids();
  expect(before.length).toBeGreaterThan(0);
  const other = site.variant('other', {
    portfolio: 'other',
    dataDir: join(site.folder, 'elsewhere'),
    http: { port: await freePort() },
  });
  const refused = await runCli(['run', '--config', other], { cwd: site.folder, limitMs });
  expect(refused.stderr).toMatch(/another daemon trades the account/);
  expect(refused.code).toBe(3);
  // The first goes on; every order there is its own.
  const owners = new Set([...before, ...(await ids())].map((id) => id.slice(0, 8)));
  expect(owners.size).toBe(1);
}, 240_000);

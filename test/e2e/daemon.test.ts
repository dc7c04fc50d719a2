/**
 * The daemon's life as a person sees it: two commands to a first fill, every command beside it, the kill switch, the end.
 *
 * Method: the program as processes on a simulated exchange that outlives them; every command with `--json` must print one
 * document, and the exchange's journal says what really happened.
 *
 * Tried, and seen to fail: the claim on the portfolio left out (the second daemon then runs), a halt that is not recorded.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, ensureBuilt, freePort, runCli } from './daemonProcess.ts';
import { ended, openSite, readyAfter, type Site } from './daemonSite.ts';
import { positionsIn, stakesIn } from './truth.ts';

const patienceMs = 60_000;
let site: Site;
let daemon: ChildProcess;

/** Bands of a thousandth: every slot would trade if it might. */
const restless = {
  rebalance: { every: 2_000, onStart: true, driftBandShare: 0.001, deadlineMs: 4_000 },
  execution: { style: 'ioc', settlingMs: 3_000, pollMs: 100 },
  limits: { ordersPerMinuteMax: 10_000, repeatsMax: 1_000 },
};

beforeAll(async () => {
  await ensureBuilt();
  site = await openSite(restless);
  daemon = site.start();
}, 120_000);

afterAll(async () => {
  await ended(daemon, 'SIGKILL');
  await site.close();
});

const run = (command: string, ...more: readonly string[]): Promise<Ended> =>
  runCli([...command.split(' '), '--config', site.configFile, ...more], { cwd: site.folder });

/** The one document that a command printed. */
async function asked(command: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = await run(command, ...more, '--json');
  expect(stdout.trim().split('\n'), `${command}: ${stderr}`).toHaveLength(1);
  return { code, answer: JSON.parse(stdout) };
}

const ordersMade = async (): Promise<number> =>
  (await site.journal()).filter((one) => one.kind === 'order' || one.kind === 'earnOrder').length;

/** Waits for what must come; fails with the daemon's log when it does not. */
async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const giveUpMs = Date.now() + patienceMs;
  while (Date.now() < giveUpMs) {
    const found = await look();
    if (found !== null) return found;
    await sleep(100);
  }
  throw new Error(`it did not come to it:\n${site.log()}`);
}

test('it comes up, and its first rebalance is filled', async () => {
  const ready = await readyAfter(site, patienceMs);
  expect(ready.ms, site.log()).not.toBeNull();
  const filled = await until(async () => {
    const fills = (await site.journal()).filter((one) => one.kind === 'fill');
    return fills.length > 0 ? fills : null;
  });
  const ours = (await asked('status')).answer;
  expect(ours.lastRebalance).not.toBeNull();
  expect(filled.every((fill) => fill.orderLinkId.length === 32)).toBe(true);
}, 120_000);

test('a second daemon on its portfolio is refused in one line, and leaves the first alone', async () => {
  const second = site.variant('second', { http: { port: await freePort() } });
  const refused = await runCli(['run', '--config', second], { cwd: site.folder });
  expect(refused.stderr).toMatch(
    /^another daemon runs portfolio paper on .*; stop it first, .*\n$/,
  );
  expect(refused.code).toBe(1);
  expect((await readyAfter(site, patienceMs)).ms).not.toBeNull();
}, 120_000);

test('every command beside it answers one document, with the contract’s exit code', async () => {
  expect(await asked('doctor')).toMatchObject({ code: 0 });
  expect((await asked('data pull')).answer).toEqual({ gaps: [] });
  expect((await asked('reconcile')).answer).toMatchObject({ adjusted: [], outstanding: [] });
  const plan = await asked('plan');
  expect(['trade', 'stand']).toContain(plan.answer.kind);
  const first = await asked('rebalance', '--id', 'by-hand');
  expect(first.answer.decision.rebalanceId).toBe('by-hand');
  const again = await asked('rebalance', '--id', 'by-hand');
  expect(again).toMatchObject({ code: 0, answer: { kind: 'repeated' } });
  expect(again.answer.decision).toEqual(first.answer.decision);
  const replayed = await runCli(['replay', 'by-hand', '--config', site.configFile, '--json'], {
    cwd: site.folder,
  });
  expect(JSON.parse(replayed.stdout)).toMatchObject({ kind: 'same', differences: [] });
  expect(replayed.code).toBe(0);
  const unknown = await runCli(['replay', 'nothing', '--config', site.configFile, '--json'], {
    cwd: site.folder,
  });
  expect(JSON.parse(unknown.stdout)).toMatchObject({ kind: 'invalid' });
  expect(unknown.code).toBe(2);
}, 180_000);

test('halted by another process it stops trading; resumed it trades again', async () => {
  expect(await asked('halt', '--reason', 'a test')).toMatchObject({ code: 0 });
  const status = await until(async () => {
    const { code, answer } = await asked('status');
    return answer.halted === true && answer.openOrders === 0 ? { code, answer } : null;
  });
  expect(status.code).toBe(3);
  expect(status.answer.reasons).toContain('halted: a test');
  const before = await ordersMade();
  // Far enough that every slot would trade.
  await site.inject({ kind: 'priceShock', coin: 'SOL', move: 0.05 });
  await until(async () => {
    const { answer } = await asked('status');
    return answer.stand?.code === 'HALTED' ? answer : null;
  });
  expect(await ordersMade()).toBe(before);
  expect(await asked('resume')).toMatchObject({ code: 0, answer: { kind: 'resumed' } });
  await until(async () => ((await ordersMade()) > before ? true : null));
}, 180_000);

test('told to stop it ends by itself with 0, and its database with it', async () => {
  const startedMs = Date.now();
  expect(await ended(daemon, 'SIGTERM'), site.log()).toBe(0);
  console.log(`stopped within ${Date.now() - startedMs} ms`);
  expect(site.log().trim().split('\n').at(-1)).not.toMatch(/"level":"(error|fatal)"/);
  const cluster = `${site.dataDir}/database/postgres/cluster`;
  expect(existsSync(`${cluster}/PG_VERSION`)).toBe(existsSync(cluster));
  expect(existsSync(`${cluster}/postmaster.pid`)).toBe(false);
}, 60_000);

test('while it is down the database tells the status, and the account goes on where it was', async () => {
  const { code, answer } = await asked('status');
  expect(code).toBe(3);
  expect(answer.reasons).toContain('read from the database alone: no daemon was asked');
  expect(await asked('reconcile')).toMatchObject({ code: 0 });
}, 60_000);

test('with the database down the kill switch reaches the venue all the same, and says what it could not', async () => {
  const config = site.variant('down', {
    database: `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none`,
  });
  const halted = await runCli(['halt', '--config', config, '--json'], { cwd: site.folder });
  const answer = JSON.parse(halted.stdout);
  expect(answer.venues).toEqual([{ venue: 'alpha', cancelled: 0, failure: null }]);
  expect(answer.database).toMatch(/does not answer/);
  expect(halted.code).toBe(1);
}, 60_000);

test('halt --flatten closes every contract and sells the coins; what is lent is on its way', async () => {
  const { answer } = await asked('halt', '--flatten');
  const journal = await site.journal();
  expect([...positionsIn(journal).values()].map(Number), JSON.stringify(answer)).toEqual([0, 0, 0]);
  const redeemed = journal.filter(
    (one) => one.kind === 'earnOrder' && one.order.orderType === 'Redeem',
  );
  expect(redeemed.length).toBeGreaterThan(0);
  expect(stakesIn(journal).size).toBeGreaterThan(0);
}, 120_000);

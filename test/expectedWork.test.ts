/** Work that stopped is noticed: by three periods, or by the newest slot of a cron schedule that should have ended. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.ts';
import type { Config } from '../src/config/schema.ts';
import { expectedWork } from '../src/expectedWork.ts';

function configOf(rebalance: string): Config {
  const loaded = parseConfig(
    `
portfolio: test
venues: { alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 } }
legs: [{ id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }]
objective: {}
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
execution: { repairMs: 30000, settlingMs: 6000 }
watch: { reconcileEveryMs: 300000, jobDeadlineMs: 60000 }
rebalance: ${rebalance}
`,
    {},
  );
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

const minuteMs = 60_000;
/** Two deadlines of two minutes, four repairs and settlings. */
const runMs = 384_000;
const at = (text: string) => Date.parse(`2026-01-10T${text}Z`);

describe('expectedWork', () => {
  test('of a period is three of them and a run, once they have passed since the start', () => {
    const config = configOf('{ every: 600000 }');
    const startedAtMs = at('00:00:00');
    const dueMs = startedAtMs + 30 * minuteMs + runMs;
    const of = (nowMs: number) => expectedWork(config, { startedAtMs, nowMs });
    expect(of(dueMs)).toEqual({
      reconcileAgeMsMax: 960_000,
      rebalanceAgeMsMax: 30 * minuteMs + runMs,
    });
    expect(of(dueMs - 1).rebalanceAgeMsMax).toBeNull();
  });

  test('of a cron schedule reaches back to the newest slot whose run should have ended', () => {
    const config = configOf("{ cron: '0 */8 * * *' }");
    const of = (now: string, started: string) =>
      expectedWork(config, { startedAtMs: at(started), nowMs: at(now) }).rebalanceAgeMsMax;
    expect(of('08:10:00', '01:00:00')).toBe(10 * minuteMs);
    // The slot of eight o'clock may still be running, that of midnight was before the start.
    expect(of('08:05:00', '01:00:00')).toBeNull();
    expect(of('16:05:00', '01:00:00')).toBe(8 * 60 * minuteMs + 5 * minuteMs);
    expect(of('07:59:00', '01:00:00')).toBeNull();
  });
});

/**
 * Goal: a page that shows what it is given and nothing else.
 * Method: requests to the app itself, hostile text in every field. Rendering a field with `raw` made "escapes" fail.
 */
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/dashboard/status.ts';
import { world } from './appGiven.ts';
import { haltedStatus, sampleStatus } from './sampleStatus.ts';

/** Every text in it is an attack. */
function hostile<T>(value: T): T {
  if (typeof value === 'string') return `<script>alert("${value}")</script>'"&` as T;
  if (Array.isArray(value)) return value.map(hostile) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hostile(inner)]),
  ) as T;
}

describe('the page', () => {
  const pageOf = async (status: Status) => {
    const { app } = world({ readStatus: async () => status });
    return await (await app.request('/')).text();
  };

  it('shows legs, bindings, venues, orders, rebalances and what was denied', async () => {
    const text = await pageOf(sampleStatus);
    for (const shown of [
      'btc',
      'ISSUER_CAP',
      'sizing.issuerShareMax above 0.5',
      'withdrawals of SOL',
    ]) {
      expect(text).toContain(shown);
    }
    for (const shown of [
      '$101,284',
      '−$6,210',
      '13.1 %',
      'SOL/USDT:USDT',
      'ORDER_VALUE',
      'Ready',
    ]) {
      expect(text).toContain(shown);
    }
  });

  it('shows the risk and its tails, hedges with what they took, the guard and pegs', async () => {
    const text = await pageOf(sampleStatus);
    for (const shown of [
      '<code>venue:alpha</code> 15.0 %',
      '<code>USDT at alpha</code> $21,804, 4.8 %',
      '<td>Historical</td>\n<td class="number">–</td>',
      '$1,497',
      'the book moved 12.2 % over the last 720 bars',
      '2.5 BTC',
      '−$97,820',
      '94.7 %',
      '−3.4 %',
      '<span class="pill warn">warn</span>',
      'USDC: nothing is added to its legs',
      'cost 3.0 bps',
      'from alpha to beta',
      'VENUE_CAP of alpha is full',
      'contango<small>future</small>',
      '12.4 d',
      '$912,400,000',
      '2.9 bps',
      'not read: riskReversal: the venue did not answer',
    ]) {
      expect(text).toContain(shown);
    }
    const { risk: _, hedges: __, pegs: ___, signals: ____, ...without } = sampleStatus;
    const bare = await pageOf(without);
    for (const title of ['<h2>Risk</h2>', '<h2>Hedges</h2>', '<h2>Signals</h2>', 'Off the peg']) {
      expect(bare).not.toContain(title);
      expect(text).toContain(title);
    }
  });

  it('shows a halt before everything else, with its reason', async () => {
    const text = await pageOf(haltedStatus);
    expect(text).toContain('Trading is halted: drawdown 21 % under the peak');
    expect(text.indexOf('Trading is halted')).toBeLessThan(text.indexOf('Equity'));
    expect(text).toContain('8.41');
  });

  it('escapes every text, whoever wrote it', async () => {
    const status = { ...hostile(haltedStatus), orders: hostile(sampleStatus.orders) };
    const text = await pageOf(status);
    expect(text).not.toMatch(/<script/i);
    expect(text).not.toContain('")</');
    expect(text).toContain('&lt;script&gt;');
  });

  it('needs no script and nothing from elsewhere, and says so to the browser', async () => {
    const answer = await world().app.request('/');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).not.toMatch(/<script|src=|href=|url\(|@import/i);
  });

  it('shows a dash, not a zero, for what is not known', async () => {
    const text = await pageOf({ ...sampleStatus, equityUsd: null, venues: [], legs: [] });
    expect(text).toMatch(/<dt>Equity<\/dt><dd class="">–<\/dd>/);
  });
});

/** What markets say beside prices: basis and carry, demand for protection, liquidity. */
import { html } from 'hono/html';
import type {
  LiquidityExplanation,
  UnderlyingExplanation,
} from '../../domain/signalsExplanation.ts';
import type { Status } from '../status.ts';
import { duration, percent, unknownMark, usd } from './format.ts';
import { type Markup, section } from './layout.ts';

const dayMs = 86_400_000;

export const signalsSection = ({ signals = [] }: Status): Markup | string =>
  signals.length === 0
    ? ''
    : section(
        'Signals',
        'at the last decision; each moves it within a cap, none lets unknown risk in',
        html`<div class="wide"><table>
<thead><tr><th>Coin</th><th>Basis</th><th class="number">A year</th><th class="number">z</th><th class="number">Carry</th>
<th class="number">Break-even</th><th class="number">Demand</th><th class="number">Raises</th><th class="number">Implied</th></tr></thead>
<tbody>${signals.map(coinRow)}</tbody></table></div>
<div class="wide"><table>
<thead><tr><th>Market</th><th class="number">Volume a day</th><th class="number">Turnover</th><th class="number">Spread</th>
<th class="number">Depth 10 bps</th><th class="number">Depth 50 bps</th><th class="number">Impact</th><th class="number">To leave</th></tr></thead>
<tbody>${signals.flatMap((each) => each.liquidity).map(marketRow)}</tbody></table></div>`,
      );

const coinRow = (each: UnderlyingExplanation): Markup => html`<tr>
<td><span class="id">${each.underlying}</span><small>${each.venue}${each.unread.map((part) => html`<br>not read: ${part}`)}</small></td>
<td>${each.basis === null ? unknownMark : html`${each.basis.state}<small>${each.basis.of}</small>`}</td>
<td class="number">${percent(each.basis?.annual ?? null)}</td>
<td class="number">${fixed(each.basis?.z ?? null, 1)}</td>
<td class="number">${percent(each.carryAnnual)}</td>
<td class="number">${each.breakEvenDays === null ? unknownMark : `${each.breakEvenDays.toFixed(1)} d`}</td>
<td class="number">${fixed(each.demand?.score ?? null, 2)}</td>
<td class="number">${percent(each.forecastRaiseShare)}</td>
<td class="number">${percent(each.impliedAnnual)}</td></tr>`;

const marketRow = (market: LiquidityExplanation): Markup => html`<tr>
<td><code>${market.instrument.replace('|', ' ')}</code></td>
<td class="number">${usd(market.volumeDailyUsd)}</td>
<td class="number">${fixed(market.turnoverRatio, 2)}</td>
<td class="number">${bps(market.spreadShare === null ? null : market.spreadShare * 10_000)}</td>
<td class="number">${usd(market.depth10Usd)}</td>
<td class="number">${usd(market.depth50Usd)}</td>
<td class="number">${bps(market.impactBps)}</td>
<td class="number">${duration(market.exitDays === null ? null : market.exitDays * dayMs)}</td></tr>`;

const fixed = (value: number | null, digits: number): string =>
  value === null ? unknownMark : value.toFixed(digits);

const bps = (value: number | null): string =>
  value === null ? unknownMark : `${value.toFixed(1)} bps`;

/** The hedge overlay: coins that lie elsewhere, what stands against them, how well it works. */
import { html } from 'hono/html';
import type { HedgeReport } from '../../domain/hedgeReport.ts';
import type { Status } from '../status.ts';
import { percent, unknownMark, usd } from './format.ts';
import { type Markup, section } from './layout.ts';

export const hedgesSection = ({ hedges = [] }: Status): Markup | string =>
  hedges.length === 0
    ? ''
    : section(
        'Hedges',
        'of coins that lie elsewhere, outside the budgets',
        html`<div class="wide"><table>
<thead><tr><th>Holding</th><th>By</th><th class="number">Ratio</th><th class="number">Target</th><th class="number">Held</th>
<th class="number">Should take</th><th class="number">Took</th><th class="number">Cost a year</th></tr></thead>
<tbody>${hedges.map(row)}</tbody></table></div>`,
      );

const row = ({ chosen, realised, ...hedge }: HedgeReport): Markup => html`<tr>
<td><span class="id">${hedge.quantityBase} ${hedge.coin}</span><small>${hedge.at}</small></td>
<td>${chosen?.leg ?? 'no ratio known'}</td>
<td class="number">${chosen?.ratio.toFixed(3) ?? unknownMark}</td>
<td class="number">${usd(hedge.targetUsd)}</td>
<td class="number">${usd(hedge.heldUsd)}</td>
<td class="number">${percent(chosen?.effectiveness ?? null)}</td>
<td class="number">${realised.kind === 'realised' ? percent(realised.effectiveness) : unknownMark}</td>
<td class="number">${percent(chosen?.costAnnual ?? null)}</td></tr>`;

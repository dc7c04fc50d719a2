/** The legs: risk share against budget as bars, what each holds and should hold, and what keeps it from more. */
import { html } from 'hono/html';
import type { LegStatus, Status } from '../status.ts';
import { percent, unknownMark, usd } from './format.ts';
import { type Markup, section } from './layout.ts';

/** Beyond its budget by more than this share of it, a bar changes its colour. */
const overBudgetShare = 0.02;

export function legsSection({ legs }: Status): Markup {
  const longest = Math.max(0.01, ...legs.flatMap((leg) => [leg.budget, leg.riskShare ?? 0]));
  return section(
    'Legs',
    html`<span class="key"></span>risk share<span class="key line"></span> budget`,
    html`<div class="wide"><table>
<thead><tr><th>Leg</th><th>Risk share against budget</th><th class="number">Risk</th><th class="number">Budget</th>
<th class="number">Weight</th><th class="number">Position</th><th class="number">Target</th><th>What binds</th></tr></thead>
<tbody>${legs.map((leg) => row(leg, longest))}</tbody></table></div>`,
  );
}

const row = (leg: LegStatus, longest: number): Markup => html`<tr>
<td><span class="id">${leg.id}</span><small>${leg.kind} · ${leg.venue}${leg.group === null ? '' : ` · ${leg.group}`}</small></td>
<td class="bars">${bar(leg, longest)}</td>
<td class="number">${percent(leg.riskShare)}</td>
<td class="number">${percent(leg.budget)}</td>
<td class="number">${percent(leg.weight)}</td>
<td class="number">${usd(leg.positionUsd)}</td>
<td class="number">${usd(leg.targetUsd)}</td>
<td>${reason(leg)}</td>
</tr>`;

/** 1000 units wide; the mark stands at the budget. */
function bar({ id, riskShare, budget }: LegStatus, longest: number): Markup {
  const at = (share: number): number => Math.round((980 * Math.max(0, share)) / longest);
  const isOver = riskShare !== null && riskShare > budget * (1 + overBudgetShare);
  const label = `${id}: risk share ${percent(riskShare)}, budget ${percent(budget)}`;
  return html`<svg viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label="${label}">
<rect class="track" x="0" y="8" width="1000" height="24"></rect>
<rect class="fill ${isOver ? 'over' : ''}" x="0" y="8" width="${at(riskShare ?? 0)}" height="24"></rect>
<rect class="mark" x="${at(budget)}" y="0" width="8" height="40"></rect></svg>`;
}

function reason({ binding, leftOut }: LegStatus): Markup | string {
  if (leftOut !== null) return html`left out<small>${leftOut}</small>`;
  if (binding === null) return unknownMark;
  return html`<code>${binding.code}</code> <span title="held back">${usd(binding.shortfallUsd)}</span><small>${binding.lifts}</small>`;
}

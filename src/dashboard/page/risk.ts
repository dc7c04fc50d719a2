/** The risk of the last decision: who contributes what, what a bad day costs, and what it was lately. */
import { html } from 'hono/html';
import type { SharedContribution, TailFigure } from '../../domain/riskExplanation.ts';
import type { RiskStatus, Status } from '../status.ts';
import { percent, unknownMark, usd } from './format.ts';
import { type Markup, section } from './layout.ts';

export function riskSection({ risk }: Status): Markup | string {
  if (risk === undefined || risk === null) return '';
  const { realised, volatilityAnnual } = risk;
  const past =
    realised.kind === 'realised'
      ? `the book moved ${percent(realised.volatilityAnnual)} over the last ${realised.bars} bars`
      : 'too short a time held to say what was realised';
  return section(
    'Risk',
    `with idle collateral ${percent(volatilityAnnual)} a year; ${past}`,
    html`<div class="wide"><table>
<thead><tr><th>By</th><th>Shares</th></tr></thead><tbody>
${shareRow('Group', risk.groups)}${shareRow('Venue', risk.venues)}${shareRow('Factor', risk.factors)}
${collateralRow(risk)}
</tbody></table></div>
${tailTable(risk)}
<p>${betsText(risk)}</p>`,
  );
}

const shareRow = (name: string, shares: readonly SharedContribution[]): Markup | string =>
  shares.length === 0
    ? ''
    : html`<tr><td>${name}</td><td>${shares.map(
        (one) =>
          html`<span class="share"><code>${one.name}</code> ${percent(one.relativeShare)}</span> `,
      )}</td></tr>`;

const collateralRow = ({ collateral }: RiskStatus): Markup | string =>
  collateral.length === 0
    ? ''
    : html`<tr><td>Idle</td><td>${collateral.map(
        (one) =>
          html`<span class="share"><code>${one.coin} at ${one.venue}</code> ${usd(one.idleUsd)}, ${percent(one.relativeShare)}</span> `,
      )}</td></tr>`;

function tailTable({ tail }: RiskStatus): Markup {
  const rows: readonly (readonly [string, TailFigure | null])[] = [
    ['Normal', tail.normal],
    ['Cornish–Fisher', tail.cornishFisher],
    ['Historical', tail.historical],
  ];
  return html`<div class="wide"><table>
<thead><tr><th>One day at ${percent(tail.confidence, 0)}</th><th class="number">Value at risk</th>
<th class="number">Expected shortfall</th></tr></thead>
<tbody>${rows.map(
    ([name, figure]) => html`<tr><td>${name}</td>
<td class="number">${usd(figure?.valueAtRiskUsd ?? null)}</td>
<td class="number">${usd(figure?.expectedShortfallUsd ?? null)}</td></tr>`,
  )}</tbody></table></div>`;
}

const betsText = ({ effectiveBets, diversificationRatio, solver }: RiskStatus): string =>
  [
    `effective bets ${effectiveBets?.toFixed(2) ?? unknownMark}`,
    `diversification ratio ${diversificationRatio?.toFixed(2) ?? unknownMark}`,
    `solved by ${solver.method} to a gap of ${solver.worstGap.toExponential(1)}`,
  ].join(' · ');

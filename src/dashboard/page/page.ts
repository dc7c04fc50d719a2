/** The page: the status for a person, what matters most first. */
import { html } from 'hono/html';
import type { Status } from '../status.ts';
import {
  denialsSection,
  discrepanciesSection,
  ordersSection,
  outcomeTone,
  rebalancesSection,
} from './activity.ts';
import { duration, moment, percent, times, unknownMark, usd } from './format.ts';
import { hedgesSection } from './hedges.ts';
import { layout, type Markup, pill } from './layout.ts';
import { legsSection } from './legs.ts';
import { riskSection } from './risk.ts';
import { signalsSection } from './signals.ts';
import { transfersSection } from './transfers.ts';
import { venuesSection } from './venues.ts';

export function page(status: Status): Markup {
  const { portfolio, version, nowMs, dataAgesMs, source } = status;
  const standing = status.halted ? 'Halted' : status.ready ? 'Ready' : 'Not ready';
  const ages = Object.entries(dataAgesMs).map(([feed, ageMs]) => `${feed} ${duration(ageMs)}`);
  return layout(
    `${standing} – ${portfolio} – Equipoise`,
    html`
<header>
<h1>Equipoise <span>${portfolio}</span></h1>
${pill(standing, status.ready ? 'good' : status.halted ? 'bad' : 'warn')}
${environments(status).map((one) => pill(one, one === 'live' ? 'bad' : ''))}
<div class="when">${moment(nowMs)} UTC<br>version ${version}${source === 'database' ? ', from the database alone' : ''}</div>
</header>
${notice(status)}${pegNotice(status)}
${figures(status)}
${legsSection(status)}
${venuesSection(status)}
${transfersSection(status)}
${riskSection(status)}
${hedgesSection(status)}
${signalsSection(status)}
${discrepanciesSection(status)}
${ordersSection(status)}
${rebalancesSection(status)}
${denialsSection(status)}
<footer>Age of data: ${ages.length === 0 ? unknownMark : ages.join(' · ')}. This page renews itself every ten seconds.</footer>`,
  );
}

const environments = ({ venues }: Status): readonly string[] => [
  ...new Set(venues.map((venue) => venue.environment)),
];

function notice(status: Status): Markup | string {
  const { halted, haltReason, ready, reasons, noIncreaseUntilMs } = status;
  const others = reasons.filter((reason) => !reason.startsWith('halted'));
  const list =
    others.length === 0 ? '' : html`<ul>${others.map((one) => html`<li>${one}</li>`)}</ul>`;
  if (halted) {
    return html`<div class="notice bad" role="alert"><strong>Trading is halted: ${haltReason ?? 'no reason given'}</strong>
Nothing new is traded until a person resumes.${list}</div>`;
  }
  if (!ready) {
    return html`<div class="notice warn" role="status"><strong>Not trading</strong>${list}</div>`;
  }
  if (noIncreaseUntilMs === null) return '';
  return html`<div class="notice warn" role="status"><strong>No increases</strong>
Margin is tight or unknown: until ${moment(noIncreaseUntilMs)} UTC only orders that reduce risk are sent.</div>`;
}

function pegNotice({ pegs = {} }: Status): Markup | string {
  const off = Object.entries(pegs);
  if (off.length === 0) return '';
  return html`<div class="notice ${off.some(([, state]) => state === 'exit') ? 'bad' : 'warn'}" role="status"><strong>Off the peg</strong>
<ul>${off.map(([coin, state]) => html`<li>${coin}: ${state === 'exit' ? 'its legs are left' : 'nothing is added to its legs'}</li>`)}</ul></div>`;
}

function figures(status: Status): Markup {
  const { lastRebalance: last, binding } = status;
  const took = last === null || last.endedAtMs === null ? null : last.endedAtMs - last.startedAtMs;
  return html`<dl class="figures">
${figure('Equity', usd(status.equityUsd), `at ${status.venues.length} venue${status.venues.length === 1 ? '' : 's'}`)}
${figure('Forecast volatility', percent(status.forecastVolatilityAnnual), `a year; the ceiling is ${percent(status.targetVolatilityAnnual)}`)}
${figure('Gross leverage', times(status.grossLeverage), `at most ${times(status.grossLeverageMax)}`)}
${figure('What binds', binding === null ? (status.forecastVolatilityAnnual === null ? unknownMark : 'nothing') : html`<code>${binding.code}</code>`, binding === null ? '' : `holds back ${usd(binding.shortfallUsd)}`, true)}
${figure('Last rebalance', last === null ? 'none yet' : pill(last.state, outcomeTone(last.state)), last === null ? '' : `${duration(status.nowMs - last.startedAtMs)} ago${took === null ? '' : `, took ${duration(took)}`}${costText(last)}`, true)}
${figure('Open orders', String(status.openOrders), `discrepancies: ${status.discrepancies.length}`)}
</dl>`;
}

const costText = ({ shortfallBps }: NonNullable<Status['lastRebalance']>): string =>
  shortfallBps === undefined || shortfallBps === null
    ? ''
    : `, cost ${shortfallBps.total.toFixed(1)} bps`;

const figure = (name: string, value: Markup | string, note: string, isSmall = false): Markup =>
  html`<div class="figure"><dt>${name}</dt><dd class="${isSmall ? 'small' : ''}">${value}</dd><p>${note}</p></div>`;

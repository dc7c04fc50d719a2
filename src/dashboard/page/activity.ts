/** What was done and what is under way: rebalances, denials, open orders, discrepancies. */
import { html } from 'hono/html';
import type { RebalanceStatus, Status } from '../status.ts';
import { duration, moment, unknownMark } from './format.ts';
import { type Markup, pill, section, type Tone } from './layout.ts';

export const outcomeTone = (state: string): Tone =>
  ({ complete: 'good', stood: '', running: '', partial: 'warn', expired: 'warn', halted: 'bad' })[
    state
  ] as Tone;

export const rebalancesSection = ({ recentRebalances, stand }: Status): Markup =>
  section(
    'Rebalances',
    stand === null ? 'the newest first, UTC' : `the last one stood: ${stand.code}, ${stand.reason}`,
    recentRebalances.length === 0
      ? html`<p>None yet.</p>`
      : html`<div class="wide"><table>
<thead><tr><th>Started</th><th>Outcome</th><th>Trigger</th><th class="number">Took</th><th class="number">Sent</th>
<th class="number">Denied</th><th class="number">Fills</th><th>Id</th></tr></thead>
<tbody>${recentRebalances.map(rebalanceRow)}</tbody></table></div>`,
  );

const rebalanceRow = (one: RebalanceStatus): Markup => html`<tr>
<td>${moment(one.startedAtMs)}</td>
<td>${pill(one.state, outcomeTone(one.state))}</td>
<td>${one.trigger}</td>
<td class="number">${duration(one.endedAtMs === null ? null : one.endedAtMs - one.startedAtMs)}</td>
<td class="number">${one.ordersSent}</td><td class="number">${one.ordersDenied}</td><td class="number">${one.fills}</td>
<td><code>${one.id}</code></td></tr>`;

export const denialsSection = ({ denials }: Status): Markup | string =>
  denials.length === 0
    ? ''
    : section(
        'Denied',
        'by the checks at the last decision',
        html`<div class="wide"><table><thead><tr><th>Code</th><th>Instrument</th><th>Why</th></tr></thead>
<tbody>${denials.map(
          (denial) => html`<tr><td><code>${denial.code}</code></td>
<td>${denial.instrument?.replace('|', ' ') ?? 'the whole plan'}</td><td>${denial.message}</td></tr>`,
        )}</tbody></table></div>`,
      );

export const ordersSection = ({ orders }: Status): Markup =>
  section(
    'Open orders',
    'sent and not ended',
    orders.length === 0
      ? html`<p>None.</p>`
      : html`<div class="wide"><table>
<thead><tr><th>Instrument</th><th>Action</th><th>State</th><th class="number">Quantity</th><th class="number">Filled</th>
<th class="number">Limit</th><th class="number">Age</th><th>Client order id</th></tr></thead>
<tbody>${orders.map(
          (order) => html`<tr><td>${order.venue} ${order.symbol}</td><td>${order.action}</td>
<td>${pill(order.state, order.state === 'unknown' ? 'bad' : '')}</td>
<td class="number">${order.quantityBase}</td><td class="number">${order.filledBase}</td>
<td class="number">${order.limitPrice ?? unknownMark}</td><td class="number">${duration(order.ageMs)}</td>
<td><code>${order.id}</code></td></tr>`,
        )}</tbody></table></div>`,
  );

export const discrepanciesSection = ({ discrepancies, reconciledAtMs }: Status): Markup =>
  section(
    'Discrepancies',
    'between the ledger and the venues, not settled',
    discrepancies.length === 0
      ? html`<p>${reconciledAtMs === null ? 'None recorded; not compared since the start.' : `None: ledger and venues agreed at ${moment(reconciledAtMs)} UTC.`}</p>`
      : html`<div class="wide"><table>
<thead><tr><th>Venue</th><th>Kind</th><th>Of</th><th class="number">Ledger</th><th class="number">Venue says</th></tr></thead>
<tbody>${discrepancies.map(
          (
            one,
          ) => html`<tr><td>${one.venue}</td><td>${one.kind}</td><td><code>${one.subject}</code></td>
<td class="number">${one.ledger}</td><td class="number">${one.venueSays}</td></tr>`,
        )}</tbody></table></div>`,
  );

/** The venues: how sound each looks and on what evidence, what lies there, how near trouble is. */
import { html } from 'hono/html';
import type { VenueState } from '../../domain/venue.ts';
import type { GuardRung } from '../../margin/guard.ts';
import type { Status, VenueStatus } from '../status.ts';
import { percent, unknownMark, usd } from './format.ts';
import { type Markup, pill, section, type Tone } from './layout.ts';

const tones: Readonly<Record<VenueState, Tone>> = {
  healthy: 'good',
  watch: 'warn',
  restrict: 'bad',
  exit: 'bad',
  unknown: 'warn',
};

export const venuesSection = ({ venues }: Status): Markup =>
  section(
    'Venues',
    'state, and what could be lost there',
    html`<div class="wide"><table>
<thead><tr><th>Venue</th><th>State</th><th class="number">Equity</th><th class="number">Cap</th>
<th>Guard</th><th class="number">Margin ratio</th><th class="number">To liquidation</th><th class="number">Default a year</th>
<th class="number">Funding paid</th></tr></thead>
<tbody>${venues.map(row)}</tbody></table></div>`,
  );

const rungTones: Readonly<Record<GuardRung, Tone>> = {
  calm: 'good',
  warn: 'warn',
  noIncrease: 'warn',
  deleverage: 'bad',
  flatten: 'bad',
};

const rungOf = ({ guardRung = null }: VenueStatus): Markup | string =>
  guardRung === null ? unknownMark : pill(guardRung, rungTones[guardRung]);

const row = (venue: VenueStatus): Markup => html`<tr>
<td><span class="id">${venue.id}</span><small>${venue.exchange} · ${venue.environment}</small></td>
<td>${pill(venue.state, tones[venue.state])}${venue.evidence.map((one) => html`<small>${one}</small>`)}</td>
<td class="number">${usd(venue.equityUsd)}</td>
<td class="number">${usd(venue.capUsd)}</td>
<td>${rungOf(venue)}</td>
<td class="number">${percent(venue.marginRatio)}</td>
<td class="number">${percent(venue.liquidationDistanceShare)}</td>
<td class="number">${percent(venue.defaultProbabilityAnnual, 2)}</td>
<td class="number">${usd(venue.fundingPaidUsd)}</td>
</tr>`;

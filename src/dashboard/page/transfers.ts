/** What a person may move: the daemon moves no money between venues. */
import { html } from 'hono/html';
import type { TransferAdvice } from '../../domain/transfer.ts';
import type { Status } from '../status.ts';
import { usd } from './format.ts';
import { type Markup, section } from './layout.ts';

export const transfersSection = ({ transfers = [] }: Status): Markup | string =>
  transfers.length === 0
    ? ''
    : section(
        'To move by hand',
        'so that more of the book can be had',
        html`<div class="wide"><table><thead><tr><th>What</th><th class="number">USD</th><th>Why</th></tr></thead>
<tbody>${transfers.map(
          (one) =>
            html`<tr><td>${whatOf(one)}</td><td class="number">${usd(one.usd)}</td><td>${one.reason}</td></tr>`,
        )}</tbody></table></div>`,
      );

const whatOf = (one: TransferAdvice): string =>
  one.kind === 'exchange'
    ? `exchange ${one.coin} for another coin`
    : `from ${one.from} ${one.to === null ? 'to a venue outside the book' : `to ${one.to}`}`;

/** The page when the status cannot be read: it says why, and that nothing else here is to be trusted. */
import { html } from 'hono/html';
import { layout, type Markup, pill } from './layout.ts';

export const unavailablePage = (portfolio: string, reason: string): Markup =>
  layout(
    `No status – ${portfolio} – Equipoise`,
    html`
<header><h1>Equipoise <span>${portfolio}</span></h1>${pill('No status', 'bad')}</header>
<div class="notice bad"><strong>The status cannot be read</strong>${reason}</div>
<p>Orders are not sent while the database is away. The log has the rest; this page tries again by itself.</p>`,
  );

/**
 * The HTTP side of a process with many portfolios: its own health, readiness and metrics, a list, and under
 * `/portfolios/NAME` what a process of that portfolio alone would show.
 */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { OperatingError } from '../domain/operatingError.ts';
import { layout } from './page/layout.ts';

type Page = { fetch(request: Request): Response | Promise<Response> };

export type FleetEntry = {
  readonly portfolio: string;
  /** Why it is not worked on here; null: it is. */
  readonly refused: string | null;
};

export type FleetOptions = {
  readonly version: string;
  readonly portfolios: () => readonly FleetEntry[];
  /** null: no such portfolio here. @throws OperatingError where it cannot be opened. */
  readonly pageOf: (portfolio: string) => Promise<Page | null>;
  readonly isQueueUp: () => boolean;
  readonly metricsText: () => Promise<string>;
};

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

export function createFleetApp(options: FleetOptions): Hono {
  const { version, portfolios, pageOf, isQueueUp, metricsText } = options;
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', (context) => {
    const reasons = [
      ...(isQueueUp() ? [] : ['queue down']),
      ...portfolios().flatMap((one) =>
        one.refused === null ? [] : [`${one.portfolio}: ${one.refused}`],
      ),
    ];
    return context.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (context) =>
    context.text(await metricsText(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.get('/api/portfolios', (context) => context.json({ version, portfolios: portfolios() }));
  app.get('/', (context) =>
    context.html(
      layout(
        'Equipoise',
        html`<header><h1>Equipoise</h1></header>
<ul>${portfolios().map(
          ({ portfolio, refused }) =>
            html`<li><a href="/portfolios/${portfolio}/">${portfolio}</a> ${refused ?? ''}</li>`,
        )}</ul>`,
      ),
    ),
  );
  app.all('/portfolios/:name/*', async (context) => {
    const name = context.req.param('name');
    const page = await pageOf(name);
    if (page === null) return context.json({ error: 'no such portfolio here' }, 404);
    const url = new URL(context.req.url);
    url.pathname = url.pathname.slice(`/portfolios/${name}`.length);
    return await page.fetch(new Request(url, context.req.raw));
  });
  app.onError((error, context) => {
    const reason = error instanceof OperatingError ? error.message : 'internal error, see the log';
    return context.json({ version, ready: false, reasons: [reason] }, 503);
  });
  return app;
}

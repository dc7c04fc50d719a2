/**
 * The HTTP side: health, readiness, metrics, status, the page. It reads; what changes state needs the token and exists
 * only where one is configured.
 */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { OperatingError } from '../domain/operatingError.ts';
import { isBearer } from './bearer.ts';
import { page } from './page/page.ts';
import { unavailablePage } from './page/unavailable.ts';
import type { Status } from './status.ts';

const bodyBytesMax = 4_096;

export type Control = {
  /** Venues first, database second. @returns what was reached, as JSON. */
  halt(reason: string): Promise<unknown>;
  resume(): Promise<void>;
};

export type DashboardOptions = {
  readonly portfolio: string;
  readonly version: string;
  readonly readStatus: () => Promise<Status>;
  readonly metricsText: () => Promise<string>;
  /** null: nothing here changes state. */
  readonly control: (Control & { readonly token: string }) | null;
  /** Told of a request that failed for a reason that is not the world's. */
  readonly failed: (error: Error) => void;
};

const haltSchema = z.strictObject({ reason: z.string().trim().min(1).max(200).optional() });

/** No script at all, styles of our own only, never in another's frame, never stored. */
const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export function createDashboard(options: DashboardOptions): Hono {
  const { readStatus, metricsText, control, portfolio, version } = options;
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.get('/healthz', (context) => context.json({ status: 'ok', version }));
  app.get('/readyz', async (context) => {
    const { ready, reasons } = await readStatus();
    return context.json({ ready, reasons }, ready ? 200 : 503);
  });
  app.get('/metrics', async (context) =>
    context.text(await metricsText(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.get('/api/status', async (context) => context.json(await readStatus()));
  app.get('/', async (context) => context.html(page(await readStatus())));
  if (control !== null) addControl(app, control);

  app.notFound((context) => context.json({ error: 'no such page' }, 404));
  app.onError((error, context) => {
    if (!(error instanceof OperatingError)) options.failed(error);
    const reason = error instanceof OperatingError ? error.message : 'internal error, see the log';
    const code = error instanceof OperatingError ? 503 : 500;
    if (context.req.path === '/') return context.html(unavailablePage(portfolio, reason), code);
    return context.json({ version, ready: false, reasons: [reason] }, code);
  });
  return app;
}

function addControl(app: Hono, control: Control & { readonly token: string }): void {
  const limit = bodyLimit({
    maxSize: bodyBytesMax,
    onError: (context) => context.json({ error: `a body has at most ${bodyBytesMax} bytes` }, 413),
  });
  for (const path of ['/api/halt', '/api/resume']) {
    app.post(path, async (context, next) => {
      if (isBearer(context.req.header('authorization'), control.token)) return await next();
      return context.json({ error: 'the bearer token of http.tokenFile is required' }, 401, {
        'www-authenticate': 'Bearer',
      });
    });
  }
  app.post('/api/halt', limit, async (context) => {
    const text = await context.req.text();
    const body = haltSchema.safeParse(parsed(text));
    if (!body.success) {
      return context.json({ error: 'the body must be empty or {"reason": text of 1 to 200}' }, 400);
    }
    const report = await control.halt(body.data.reason ?? 'halted over HTTP');
    return context.json({ halted: true, report });
  });
  app.post('/api/resume', async (context) => {
    await control.resume();
    return context.json({ halted: false });
  });
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

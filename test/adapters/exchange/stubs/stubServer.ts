/** A server of a few lines in place of a venue: what arrives is kept, and an answer can be spoiled, before or after it took effect. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

export type Asked = {
  /** The host that the class addressed. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON, or the fields of a form. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

export type Reply = {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

type Spoiler = {
  readonly path: RegExp;
  readonly reply: Reply;
  /** Whether the request still takes effect. */
  readonly accepted: boolean;
};

export type Stub = {
  readonly origin: string;
  readonly asked: Asked[];
  /** The next request of this path gets this answer. */
  spoil(path: RegExp, reply: Reply, accepted?: boolean): void;
  close(): void;
};

/** @param answer what the venue says; a text is sent as it is, anything else as JSON. */
export async function startStub(answer: (asked: Asked) => Reply): Promise<Stub> {
  const asked: Asked[] = [];
  const spoilers: Spoiler[] = [];
  const app = new Hono();
  app.all('*', async (context) => {
    const url = new URL(context.req.url);
    const headers = context.req.header();
    const request: Asked = {
      host: headers['x-original-host'] ?? url.host,
      method: context.req.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: parsed(await context.req.text()),
      headers,
    };
    asked.push(request);
    const named = `${request.path} ${JSON.stringify(request.body)}`;
    const at = spoilers.findIndex(({ path }) => path.test(named));
    const [spoiler] = at < 0 ? [] : spoilers.splice(at, 1);
    const reply = spoiler?.accepted === false ? spoiler.reply : answer(request);
    const { status = 200, body, headers: extra = {} } = spoiler?.reply ?? reply;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, {
      status,
      headers: { 'content-type': 'application/json', ...extra },
    });
  });
  let server: ReturnType<typeof serve> | undefined;
  const port = await new Promise<number>((resolve) => {
    const settings = { fetch: app.fetch, hostname: '127.0.0.1', port: 0 };
    server = serve(settings, (info) => resolve(info.port));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    spoil: (path, reply, accepted = false) => spoilers.push({ path, reply, accepted }),
    close: () => server?.close(),
  };
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

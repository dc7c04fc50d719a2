/** A server of a few lines in place of a venue, whose answers are set by path. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

export type Answering = {
  readonly origin: string;
  /** Path to the document that is answered, or a text as it is. */
  readonly answers: Map<string, unknown>;
  readonly asked: string[];
  close(): void;
};

export async function startAnswering(usual: unknown): Promise<Answering> {
  const answers = new Map<string, unknown>();
  const asked: string[] = [];
  const app = new Hono();
  app.all('*', (context) => {
    const { pathname, search } = new URL(context.req.url);
    asked.push(`${context.req.header('x-original-host')}${pathname}${search}`);
    const answer = answers.get(pathname) ?? usual;
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  });
  let server: ReturnType<typeof serve> | undefined;
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve(info.port),
    );
  });
  return { origin: `http://127.0.0.1:${port}`, answers, asked, close: () => server?.close() };
}

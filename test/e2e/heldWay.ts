/** A way to an exchange on which requests can be held and let go later, each with what it was and what came back. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Passed = {
  readonly method: string;
  readonly path: string;
  /** What the exchange answered, as text; null: it has not yet been asked. */
  answer: string | null;
};

export type HeldWay = {
  readonly origin: string;
  readonly passed: readonly Passed[];
  /** From now on requests of this kind wait. */
  hold(method: string, path: string): void;
  /** Lets those that wait reach the exchange, and waits for its answers. @returns them. */
  release(): Promise<readonly Passed[]>;
  close(): Promise<void>;
};

export async function openHeldWay(target: string): Promise<HeldWay> {
  const to = new URL(target);
  const passed: Passed[] = [];
  const waiting: { readonly one: Passed; readonly go: () => Promise<void> }[] = [];
  let held: string | null = null;

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = 'GET', url = '/', headers } = incoming;
      const one: Passed = { method, path: url.split('?')[0] ?? url, answer: null };
      passed.push(one);
      const go = () =>
        new Promise<void>((settle, fail) => {
          const options = { host: to.hostname, port: to.port, method, path: url, headers };
          const forwarded = request(options, (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => {
              const body = Buffer.concat(parts);
              one.answer = body.toString('utf8');
              outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
              outgoing.end(body);
              settle();
            });
          });
          forwarded.on('error', fail);
          forwarded.end(Buffer.concat(chunks));
        });
      if (held === `${method} ${one.path}`) waiting.push({ one, go });
      else void go().catch(() => outgoing.destroy());
    });
    // The client is gone: its request is on its way all the same.
    outgoing.on('error', () => undefined);
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    hold: (method, path) => {
      held = `${method} ${path}`;
    },
    release: async () => {
      held = null;
      const released = waiting.splice(0);
      for (const { go } of released) await go();
      return released.map(({ one }) => one);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}

/** The one listener, on the configured address only, with a limit on everything that a client may make it hold. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { OperatingError } from '../domain/operatingError.ts';

const limits = {
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
};
const connectionsMax = 100;

export type Listener = {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections and ends those that are left. */
  stop(): Promise<void>;
};

/** @param port 0 for any free one. @throws OperatingError, not retryable, when the address is taken or not ours. */
export async function listen(
  app: { fetch(request: Request): Response | Promise<Response> },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const answer = getRequestListener((request) => app.fetch(request));
  const server = createServer(limits, (request, response) => void answer(request, response));
  server.maxConnections = connectionsMax;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw listenError(cause, host, port);
  }
  return { host, port: portOf(server), stop: () => close(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function listenError(cause: unknown, host: string, port: number): OperatingError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const found: Readonly<Record<string, readonly [string, string]>> = {
    EADDRINUSE: [
      `port ${port} on ${host} is taken`,
      'set http.port to a free one (0: any), or stop the program that uses it',
    ],
    EACCES: [`port ${port} needs more rights than this user has`, 'set http.port to 1024 or above'],
    EADDRNOTAVAIL: [`${host} is not an address of this machine`, 'set http.host to one that is'],
    ENOTFOUND: [`${host} is not a known host`, 'set http.host to an address of this machine'],
  };
  const [message, remedy] = found[code] ?? [
    `cannot listen on ${host} port ${port}, was ${code}`,
    'set http.host and http.port to an address that is free here',
  ];
  return new OperatingError(message, { retryable: false, remedy, cause });
}

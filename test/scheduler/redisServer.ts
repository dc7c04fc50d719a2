/** A Redis for a test: the one of REDIS_URL, or a `redis-server` from the path on a free port; null where there is neither. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type TestRedis = { readonly url: string; readonly stop: () => Promise<void> };

/** Why there is none; null: there is one. */
export function redisAbsence(): string | null {
  if (process.env['REDIS_URL'] !== undefined || binary() !== null) return null;
  return 'no redis-server on the path and REDIS_URL is not set';
}

function binary(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'redis-server');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export async function startTestRedis(): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined) return { url: given, stop: async () => {} };
  const port = await freePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
  const server = spawn(binary() ?? 'redis-server', options, {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // It says "Ready to accept connections" last.
  for await (const chunk of server.stdout) {
    if (String(chunk).includes('Ready to accept')) break;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    },
  };
}

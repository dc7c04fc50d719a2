/** The queue's own server where it is Redis: killed and started again on the same port, its journal on disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export type RedisServer = {
  readonly url: string;
  crash(): Promise<void>;
  stop(): Promise<void>;
};

/** @returns null where there is no redis-server on the path. */
export async function startRedisServer(folder: string): Promise<RedisServer | null> {
  const port = await freePort();
  let running = await start(port, folder);
  if (running === null) return null;
  const kill = async (): Promise<void> => {
    if (running === null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    crash: async () => {
      await kill();
      running = await start(port, folder);
    },
    stop: kill,
  };
}

const program = 'redis-server';

async function start(port: number, folder: string): Promise<ChildProcess | null> {
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes'];
  const server = spawn(program, [...options, '--dir', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const failed = new Promise<false>((resolve) => {
    server.once('error', () => resolve(false));
    server.once('exit', () => resolve(false));
  });
  const ready = new Promise<true>((resolve) => {
    // It says "Ready to accept connections" last.
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept')) resolve(true);
    });
  });
  return (await Promise.race([ready, failed])) ? server : null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

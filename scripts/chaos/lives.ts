/** Lives of the worker, one after another: each told when to die, the next one loaded and waiting while it works. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { LifeOptions } from './lifeOptions.ts';

export type Said = { readonly event: string } & Readonly<Record<string, unknown>>;

export type Life = {
  /** Killed by a signal, or ended with a code. */
  readonly ended: Promise<{ readonly signal: NodeJS.Signals | null; readonly code: number | null }>;
  kill(): void;
};

export type Lives = {
  begin(options: LifeOptions, hear: (said: Said) => void): Life;
  close(): Promise<void>;
};

/** @param heard what they said on stderr, for whoever has to find out. */
export function prepareLives(program: string, heard: (text: string) => void): Lives {
  let waiting = load(program, heard);
  return {
    begin: (options, hear) => {
      const life = waiting;
      waiting = load(program, heard);
      const ended = once(life, 'exit').then(([code, signal]) => ({ code, signal }));
      createInterface({ input: life.stdout }).on('line', (line) => hear(parse(line)));
      life.stdin.write(`${JSON.stringify(options)}\n`);
      return { ended, kill: () => void life.kill('SIGKILL') };
    },
    close: async () => {
      const ended = once(waiting, 'exit');
      waiting.kill('SIGKILL');
      await ended;
    },
  };
}

function load(program: string, heard: (text: string) => void): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [program], { stdio: 'pipe' });
  child.stderr.on('data', (chunk: Buffer) => heard(chunk.toString('utf8')));
  // A killed one takes no more.
  child.stdin.on('error', () => undefined);
  return child;
}

function parse(line: string): Said {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return { event: 'text', line };
  }
}

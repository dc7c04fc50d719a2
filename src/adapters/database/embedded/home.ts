/**
 * Where the cluster lives, so that the server's user can reach it.
 *
 * A plain user's cluster is in the data folder. Root's server runs as `postgres`, who cannot enter a closed folder such
 * as root's home: then cluster and binaries go under /var/lib, and only the password stays in the data folder.
 */
import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../databaseError.ts';
import type { ServerUser } from './binaries.ts';

export type Home = {
  /** Owned by the server's user. */
  readonly folder: string;
  readonly cluster: string;
  /** Holds bin, lib and share. */
  readonly native: string;
};

const systemFolder = '/var/lib/equipoise';

/**
 * Makes the folders that are missing; idempotent.
 *
 * @param data the data folder, resolved. With the password it names the folder under /var/lib: a data folder that was
 *   deleted and made anew has a new password and a new cluster.
 */
export async function prepareHome(
  data: string,
  installed: string,
  user: ServerUser,
  password: string,
): Promise<Home> {
  if (user === null) return homeIn(join(data, 'postgres'), installed, user);
  const own = await stat(data);
  if ((own.mode & 0o011) !== 0o011) await chmod(data, own.mode | 0o011);
  const folder = (await isReachable(data, user))
    ? join(data, 'postgres')
    : join(
        systemFolder,
        createHash('sha256').update(`${data}|${password}`).digest('hex').slice(0, 16),
      );
  const native = (await isReachable(installed, user)) ? installed : await copied(installed);
  return homeIn(folder, native, user);
}

async function homeIn(folder: string, native: string, user: ServerUser): Promise<Home> {
  await mkdir(folder, { recursive: true, mode: user === null ? 0o700 : 0o755 });
  if (user !== null) {
    await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o700);
  }
  return { folder, cluster: join(folder, 'cluster'), native };
}

/** Whether every folder on the way may be entered by the user. */
async function isReachable(path: string, user: NonNullable<ServerUser>): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(path);
  return parent === path || isReachable(parent, user);
}

/** The binaries where everyone may read them, once per installed build. */
async function copied(installed: string): Promise<string> {
  const { mtimeMs, size } = await stat(join(installed, 'bin', 'postgres'));
  const target = join(systemFolder, `binaries-${size}-${Math.trunc(mtimeMs)}`);
  if ((await stat(target).catch(() => null)) !== null) return target;
  await mkdir(systemFolder, { recursive: true, mode: 0o755 });
  const fresh = await mkdtemp(`${target}-`);
  await chmod(fresh, 0o755);
  await cp(installed, fresh, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
  return target;
}

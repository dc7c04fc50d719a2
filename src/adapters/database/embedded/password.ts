/** The server's password: random, made once, in a file that only its owner may read. */
import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../databaseError.ts';

export const passwordFile = (dataDir: string): string => join(dataDir, 'database.password');

/** The first writer wins: the file appears whole or not at all, also when two start at once or one is killed. */
export async function serverPassword(dataDir: string): Promise<string> {
  const path = passwordFile(dataDir);
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (known !== null) return known.trim();
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(fresh, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}

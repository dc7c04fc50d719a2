/**
 * Goal: keys are found where the config says, what is wrong is named, and no text ever holds a value.
 * Method: variables and files by hand; every way of printing an object is tried.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCredentials } from '../../../src/adapters/system/credentials.ts';

const env = { ALPHA_API_KEY: ' theKey ', ALPHA_API_SECRET: 'theSecret', ALPHA_API_PASSWORD: '' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(content: string, mode = 0o600): Promise<string> {
  const path = join(folder, `${Math.abs(content.length * 31 + mode)}.json`);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

describe('credentials', () => {
  it('come from variables with a prefix', async () => {
    const found = await readCredentials({ env, prefix: 'ALPHA' });
    expect(found.source).toBe('ALPHA_API_KEY');
    expect(found.reveal()).toEqual({ apiKey: 'theKey', secret: 'theSecret', password: null });
    const withPassword = { ...env, ALPHA_API_PASSWORD: 'pass' };
    const other = await readCredentials({ env: withPassword, prefix: 'ALPHA' });
    expect(other.reveal().password).toBe('pass');
  });

  it('come from a file that only its owner may read', async () => {
    const file = await fileWith('{"apiKey":"k","secret":"s"}');
    expect((await readCredentials({ file })).reveal()).toEqual({
      apiKey: 'k',
      secret: 's',
      password: null,
    });
  });

  it('that are missing or wrong are named with a remedy, without a value', async () => {
    const partial = { ALPHA_API_KEY: 'theKey' };
    await expect(readCredentials({ env: partial, prefix: 'ALPHA' })).rejects.toMatchObject({
      message: 'the variable ALPHA_API_SECRET is not set',
      retryable: false,
    });
    await expect(readCredentials({ file: join(folder, 'none') })).rejects.toThrow('ENOENT');
    const open = await fileWith('{"apiKey":"k","secret":"s"}', 0o644);
    await expect(readCredentials({ file: open })).rejects.toThrow('read by others');
    const broken = await fileWith('{"apiKey":"leaked-value",');
    const fault = readCredentials({ file: broken });
    await expect(fault).rejects.toThrow('is not JSON');
    await expect(fault).rejects.not.toThrow('leaked-value');
    const half = await fileWith('{"apiKey":"k"}');
    await expect(readCredentials({ file: half })).rejects.toThrow('has no secret');
  });

  it('show in no text', async () => {
    const found = await readCredentials({ env, prefix: 'ALPHA' });
    const texts = [
      JSON.stringify({ found }),
      JSON.stringify({ ...found }),
      inspect(found, { depth: 9, showHidden: true }),
      format('%s %o', found, found),
      inspect(Object.entries(found)),
    ];
    for (const text of texts) {
      expect(text).not.toContain('theKey');
      expect(text).not.toContain('theSecret');
    }
  });
});

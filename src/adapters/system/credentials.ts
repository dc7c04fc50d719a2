/**
 * Keys of a venue account, read from variables with a prefix or from a file, and kept out of every text.
 *
 * The values sit in a closure: printing, spreading, inspecting or serialising the object shows only where they came from.
 */
import { readFile, stat } from 'node:fs/promises';
import { inspect } from 'node:util';
import { OperatingError } from '../../domain/operatingError.ts';

export type RevealedCredentials = {
  readonly apiKey: string;
  readonly secret: string;
  /** Passphrase, where the venue has one. */
  readonly password: string | null;
};

export type Credentials = {
  /** Where they came from, for messages: "ALPHA_API_KEY" or a file's path. */
  readonly source: string;
  reveal(): RevealedCredentials;
};

export type CredentialsPlace =
  | { readonly env: Readonly<Record<string, string | undefined>>; readonly prefix: string }
  | { readonly file: string };

/**
 * `PREFIX_API_KEY`, `PREFIX_API_SECRET` and, if set, `PREFIX_API_PASSWORD`; or a JSON file with `apiKey`, `secret` and
 * optional `password` that only its owner may read.
 *
 * @throws OperatingError, not retryable, naming the variable or file and the remedy, never a value.
 */
export async function readCredentials(place: CredentialsPlace): Promise<Credentials> {
  if ('file' in place) return fromFile(place.file);
  const { env, prefix } = place;
  const value = (suffix: string): string => {
    const name = `${prefix}_${suffix}`;
    const found = env[name];
    if (found === undefined || found.trim() === '') {
      throw fault(`the variable ${name} is not set`, `set ${name}, or name another prefix`);
    }
    return found.trim();
  };
  const password = env[`${prefix}_API_PASSWORD`]?.trim();
  return seal(`${prefix}_API_KEY`, {
    apiKey: value('API_KEY'),
    secret: value('API_SECRET'),
    password: password === undefined || password === '' ? null : password,
  });
}

/** Hides the values behind `reveal`. */
export function seal(source: string, values: RevealedCredentials): Credentials {
  const label = `[credentials from ${source}]`;
  const sealed = { source, reveal: () => values };
  for (const key of ['toJSON', 'toString', inspect.custom] as const) {
    Object.defineProperty(sealed, key, { value: () => label, enumerable: false });
  }
  return Object.freeze(sealed);
}

async function fromFile(path: string): Promise<Credentials> {
  const remedy = `write {"apiKey": …, "secret": …} to ${path} and chmod 600 it`;
  let content: string;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw fault(`the credentials file ${path} can be read by others`, `chmod 600 ${path}`);
    }
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw fault(`the credentials file ${path} cannot be read, was ${code}`, remedy);
  }
  return seal(path, parsed(content, path, remedy));
}

function parsed(content: string, path: string, remedy: string): RevealedCredentials {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw fault(`the credentials file ${path} is not JSON`, remedy);
  }
  const field = (name: string): string | null => {
    const value = (document as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const apiKey = field('apiKey');
  const secret = field('secret');
  if (apiKey === null || secret === null) {
    const missing = apiKey === null ? 'apiKey' : 'secret';
    throw fault(`the credentials file ${path} has no ${missing}`, remedy);
  }
  return { apiKey, secret, password: field('password') };
}

function fault(message: string, remedy: string): OperatingError {
  return new OperatingError(message, { retryable: false, fault: 'input', remedy });
}

/** The bearer token of routes that change state: read from a file that only its owner may read, compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { OperatingError } from '../domain/operatingError.ts';

const charactersMin = 16;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @param header of the request, `Bearer TOKEN`. */
export function isBearer(header: string | undefined, token: string): boolean {
  const given = /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1];
  // Digests have one length, so the comparison tells nothing about the token's.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** @throws OperatingError, not retryable, when the file is missing, open to others or too short. */
export async function readToken(path: string): Promise<string> {
  const fault = (message: string, remedy: string) =>
    new OperatingError(message, { retryable: false, fault: 'input', remedy });
  let text: string;
  let mode: number;
  try {
    text = (await readFile(path, 'utf8')).trim();
    ({ mode } = await stat(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const remedy = `write a random token to ${path}, or leave http.tokenFile out`;
    throw fault(`http.tokenFile ${path} cannot be read, was ${code}`, remedy);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw fault(`http.tokenFile ${path} can be read by others`, `chmod 600 ${path}`);
  }
  if (text.length < charactersMin || /\s/.test(text)) {
    throw fault(
      `the token in http.tokenFile ${path} must be one word of at least ${charactersMin} characters, was ${text.length}`,
      `openssl rand -hex 32 > ${path}`,
    );
  }
  return text;
}

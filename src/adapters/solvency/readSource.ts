/**
 * One reading of a public document, from an URL or a file: bounded in time and size, never redirected.
 *
 * What answers is not trusted: it is text until a schema has taken it.
 */
import { open } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Clock } from '../../rebalance/ports.ts';

export type Source = {
  readonly url?: string | undefined;
  readonly file?: string | undefined;
  readonly timeoutMs: number;
};

export type Reading = {
  /** Parsed JSON. */
  readonly document: unknown;
  /** When it was so: of a file, when it was written. */
  readonly asOfMs: number;
};

const bytesMax = 8 * 1024 * 1024;

/** @throws OperatingError: no answer, not 200, too large, not JSON. */
export async function readSource(source: Source, clock: Pick<Clock, 'nowMs'>): Promise<Reading> {
  const { url, file } = source;
  if (url !== undefined) {
    const document = parse(await textOfUrl(url, source.timeoutMs), nameOf(url));
    return { document, asOfMs: clock.nowMs() };
  }
  if (file === undefined) throw failed('the source', 'neither an URL nor a file');
  const { text, writtenAtMs } = await textOfFile(file);
  return { document: parse(text, file), asOfMs: Math.min(writtenAtMs, clock.nowMs()) };
}

/** A source may carry a key in its query: messages name the place alone. */
const nameOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};

async function textOfUrl(url: string, timeoutMs: number): Promise<string> {
  const name = nameOf(url);
  // Its own, closed with the reading: no socket outlives it.
  const dispatcher = new Agent({ connections: 1, maxResponseSize: bytesMax });
  try {
    const answer = await request(url, {
      dispatcher,
      headers: { accept: 'application/json' },
      // Of the whole reading: a body that trickles ends with it.
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.statusCode !== 200) {
      throw failed(name, `status ${answer.statusCode}`);
    }
    const announced = Number(answer.headers['content-length'] ?? 0);
    if (announced > bytesMax) throw failed(name, `${announced} bytes, at most ${bytesMax}`);
    return await answer.body.text();
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    throw failed(name, error instanceof Error ? error.message : 'no answer', error);
  } finally {
    await dispatcher.destroy();
  }
}

async function textOfFile(
  file: string,
): Promise<{ readonly text: string; readonly writtenAtMs: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw failed(file, 'no plain file');
      if (stat.size > bytesMax) throw failed(file, `${stat.size} bytes, at most ${bytesMax}`);
      return { text: await handle.readFile('utf8'), writtenAtMs: stat.mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    throw failed(file, error instanceof Error ? error.message : 'unreadable', error);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failed(name, 'not JSON', error);
  }
}

const failed = (name: string, what: string, cause?: unknown): OperatingError =>
  new OperatingError(`${name} cannot be read, was ${what}`, {
    retryable: true,
    remedy: 'see the solvency section of the config',
    cause,
  });

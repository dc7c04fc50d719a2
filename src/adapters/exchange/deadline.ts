/** A deadline round each request of a ccxt client, and no answer but JSON. */
import { MalformedAnswer } from './answer.ts';
import type { CcxtClient } from './ccxtClient.ts';

/**
 * Puts a deadline round each request and refuses answers that are not JSON, which ccxt would hand on as a text.
 *
 * @param onRequest called before each request is made.
 */
export function guardAnswers(client: CcxtClient, deadlineMs: number, onRequest: () => void): void {
  const fetch = client.fetch.bind(client);
  client.fetch = async (url, method, headers, body) => {
    onRequest();
    const answer = await withDeadline(fetch(url, method, headers, body), deadlineMs);
    if (typeof answer !== 'object' || answer === null) {
      const path = URL.canParse(url) ? new URL(url).pathname : 'the request';
      throw new MalformedAnswer(`${method} ${path} must answer JSON, was ${describe(answer)}`);
    }
    return answer;
  };
}

function describe(answer: unknown): string {
  if (typeof answer !== 'string') return typeof answer;
  if (answer === '') return 'empty';
  return /^\s*</.test(answer) ? 'HTML' : `a text of ${answer.length} characters`;
}

/** Real time, like ccxt's own timer: the network does not run on the clock port. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no complete answer within the deadline of ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** Pages of Bybit v5 lists: newest first, by cursor, in windows of at most seven days. */
import { OperatingError } from '../../../domain/operatingError.ts';
import { optionalText, type Row, row, rows } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';

const WINDOW_MS = 7 * 86_400_000 - 1;
const PAGES_MAX = 400;

export type ListRequest = {
  /** For messages: "fills of BTC/USDT". */
  readonly what: string;
  /** ccxt's implicit method. */
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Name of the list within `result`, or several where the venue's documents differ. */
  readonly lists?: readonly string[];
};

/**
 * Every row of one list, all pages.
 *
 * @throws OperatingError where `result` has no such list: an answer without it is not an empty one.
 */
export async function readRows(session: Session, request: ListRequest): Promise<readonly Row[]> {
  const { what, method, params, lists = ['list'] } = request;
  const found: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked: Readonly<Record<string, unknown>> =
      cursor === null ? params : { ...params, cursor };
    const { list, next } = await session.read(what, async () => {
      const result = resultOf(await callImplicit(session.client, method, asked), what);
      const name = lists.find((each) => result[each] !== undefined) ?? 'list';
      return { list: rows(result[name], what), next: optionalText(result, 'nextPageCursor') };
    });
    found.push(...list);
    if (next === null || list.length === 0 || next === cursor) return found;
    cursor = next;
  }
  throw new OperatingError(`${session.id}: ${what} has more than ${PAGES_MAX} pages`, {
    retryable: false,
    remedy: 'read a shorter span',
  });
}

/** Every row with fromMs ≤ time ≤ now, window by window, oldest window first. */
export async function readSpan(
  session: Session,
  request: ListRequest,
  fromMs: number,
): Promise<readonly Row[]> {
  const nowMs = Math.ceil(session.venueNowMs());
  const found: Row[] = [];
  for (let startTime = Math.floor(fromMs); startTime <= nowMs; startTime += WINDOW_MS + 1) {
    const endTime = Math.min(startTime + WINDOW_MS, nowMs);
    const params = { ...request.params, startTime, endTime };
    found.push(...(await readRows(session, { ...request, params })));
  }
  return found;
}

/** `result` of an answer whose code was good. */
export function resultOf(answer: unknown, what: string): Row {
  return row(row(answer, what)['result'], `${what}: result`);
}

/** A book serves who looks at the same moment, and is not held afterwards. Method: a clock of the test's, timers by hand. */
import { afterEach, expect, test, vi } from 'vitest';
import { createYoungBooks } from '../../../src/adapters/exchange/youngBooks.ts';

afterEach(() => vi.useRealTimers());

test('it is found for two seconds from when it was asked for, the newest of a symbol', () => {
  let nowMs = 10_000;
  const books = createYoungBooks({ nowMs: () => nowMs });
  books.keep('A', 'older', 9_000);
  books.keep('A', 'newer', 9_500);
  expect(books.find('A')).toBe('newer');
  expect(books.find('B')).toBeUndefined();
  nowMs = 11_500;
  expect(books.find('A')).toBe('newer');
  nowMs = 11_501;
  expect(books.find('A')).toBeUndefined();
  nowMs = 9_499;
  expect(books.find('A')).toBeUndefined();
});

test('it is forgotten when nobody asks any more, and a newer one is not with it', () => {
  vi.useFakeTimers();
  const books = createYoungBooks({ nowMs: () => 0 });
  books.keep('A', 'older', 0);
  books.keep('B', 'only', 0);
  vi.advanceTimersByTime(1_500);
  books.keep('A', 'newer', 0);
  vi.advanceTimersByTime(500);
  expect([books.find('A'), books.find('B'), books.count()]).toEqual(['newer', undefined, 1]);
  vi.advanceTimersByTime(1_500);
  expect(books.count()).toBe(0);
});

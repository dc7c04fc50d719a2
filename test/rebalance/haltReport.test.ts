/**
 * Goal: what two sweeps of a venue say is told as one: what was cancelled, and what may still rest.
 * Method: a venue in memory that answers each sweep as it is told.
 *
 * Tried, and seen to fail: the counts of one sweep alone; a failure that the second sweep cured still told, and one of the second not told.
 */
import { describe, expect, test } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { type HaltReport, halt } from '../../src/rebalance/halt.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { openedWorld, policy, withVenue } from './given.ts';

const unwilling = () =>
  new OperatingError('alpha is banned', { retryable: true, remedy: 'wait until it is over' });

describe('of the two sweeps of a venue', () => {
  test.each<{
    readonly says: string;
    readonly answers: readonly (number | Error)[];
    readonly report: Pick<HaltReport['venues'][number], 'cancelled' | 'failure'>;
  }>([
    {
      says: 'one that failed at first and was reached then has nothing resting',
      answers: [noAnswer(), 2],
      report: { cancelled: 2, failure: null },
    },
    {
      says: 'one that failed at last may have something resting, whatever was cancelled before',
      answers: [2, noAnswer()],
      report: { cancelled: 2, failure: 'alpha did not answer, was a timeout' },
    },
    {
      says: 'one that failed twice alike says so once',
      answers: [noAnswer(), noAnswer()],
      report: { cancelled: null, failure: 'alpha did not answer, was a timeout' },
    },
    {
      says: 'one that failed in two ways says both',
      answers: [unwilling(), noAnswer()],
      report: { cancelled: null, failure: 'alpha is banned; alpha did not answer, was a timeout' },
    },
    {
      says: 'one that answered twice has its counts summed',
      answers: [2, 3],
      report: { cancelled: 5, failure: null },
    },
  ])('$says', async ({ answers, report }) => {
    const { ports } = openedWorld();
    const left = [...answers];
    const sometimes = withVenue(ports, {
      gateway: {
        cancelAll: async () => {
          const answer = left.shift();
          if (typeof answer === 'number') return answer;
          throw answer ?? new Error('swept a third time');
        },
      },
    });
    expect(await halt(sometimes, policy, 'by hand')).toEqual({
      venues: [{ venue: 'alpha', ...report }],
    });
    expect(left).toEqual([]);
  });
});

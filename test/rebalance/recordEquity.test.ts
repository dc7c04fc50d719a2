/**
 * Equity marks: drawdown and the day's loss are measured by them, so only what was sized may leave one.
 *
 * Method: a world in memory; the marks that reach the store are counted. Seen to fail without the check of the trigger.
 */
import { describe, expect, test } from 'vitest';
import type { DecisionRecord, EquityMark } from '../../src/rebalance/ports/stores.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { recordEquity } from '../../src/rebalance/recordEquity.ts';
import { openedWorld, planned, recordTrade } from './given.ts';

function marking(ports: Ports): { readonly ports: Ports; readonly marks: EquityMark[] } {
  const marks: EquityMark[] = [];
  const recordMark = async (_: string, mark: EquityMark): Promise<void> => void marks.push(mark);
  return { marks, ports: { ...ports, state: { ...ports.state, recordEquity: recordMark } } };
}

describe('recordEquity', () => {
  test.each(['flatten', 'guard'] as const)(
    'a decision of %s, which sized nothing, leaves no mark',
    async (trigger) => {
      const { ports, marks } = marking(openedWorld().ports);
      const record: DecisionRecord = { ...(await recordTrade(ports, [planned()])), trigger };
      await recordEquity(ports, record);
      expect(marks).toEqual([]);
    },
  );

  test('one that was sized leaves one, and only one however often it is gone on with', async () => {
    const { ports, marks } = marking(openedWorld().ports);
    const record = await recordTrade(ports, [planned()]);
    await recordEquity(ports, record);
    await recordEquity(ports, record);
    expect(marks).toHaveLength(1);
    expect(marks[0]?.atMs).toBe(record.snapshot.observedAtMs);
  });
});

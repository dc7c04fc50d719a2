/** Replay: decides again on the stored snapshot and policy, and names what differs. */
import type { Decision } from '../domain/decision.ts';
import { decide } from './decide.ts';
import type { DecisionRecord } from './ports/stores.ts';

export type ReplayDifference = {
  readonly path: string;
  readonly stored: unknown;
  readonly replayed: unknown;
};

/** @returns every leaf that differs; none: the same decision. */
export function replay(record: DecisionRecord): readonly ReplayDifference[] {
  const again: Decision = decide(record.snapshot, record.policy);
  // Both sides as JSON: what is stored went through it.
  return differences(
    JSON.parse(JSON.stringify(record.decision)),
    JSON.parse(JSON.stringify(again)),
  );
}

function differences(stored: unknown, replayed: unknown, path = ''): readonly ReplayDifference[] {
  if (isObject(stored) && isObject(replayed)) {
    const keys = new Set([...Object.keys(stored), ...Object.keys(replayed)]);
    return [...keys].flatMap((key) =>
      differences(stored[key], replayed[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return Object.is(stored, replayed) ? [] : [{ path, stored, replayed }];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

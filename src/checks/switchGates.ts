/** Gates that a person, a limit or the clock switches: halt, the margin guard's fence, the deadline, the state of the ledger. */
import type { Gate } from './gate.ts';

export const switchGates: readonly Gate[] = [
  {
    code: 'HALTED',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation:
      'While halted no decision trades; what was decided before may still reduce, repair and flatten.',
    judge: (_, { halted, haltReason }) =>
      halted
        ? {
            limit: null,
            found: null,
            message: `trading must not be halted, was ${haltReason ?? 'halted'}`,
          }
        : null,
  },
  {
    code: 'NO_INCREASE',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'The margin guard raises this fence between decisions.',
    judge: (_, { noIncrease }) =>
      noIncrease
        ? { limit: null, found: null, message: 'the margin guard must allow increases, was raised' }
        : null,
  },
  {
    code: 'NOT_RECONCILED',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'The venue’s position is what reductions are counted from, so they go on.',
    judge: (_, { discrepancies }) =>
      discrepancies > 0
        ? {
            limit: 0,
            found: discrepancies,
            message: `discrepancies must be 0, was ${discrepancies}`,
          }
        : null,
  },
  {
    code: 'DEADLINE',
    holdsForReductions: true,
    holdsForRepairs: false,
    explanation: 'A decision found late is not resumed; what it left half done is still repaired.',
    judge: (_, { nowMs, deadlineMs }) =>
      deadlineMs !== null && nowMs > deadlineMs
        ? {
            limit: deadlineMs,
            found: nowMs,
            message: `time must be at most ${deadlineMs}, was ${nowMs}`,
          }
        : null,
  },
];

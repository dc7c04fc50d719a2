/** What a halt says, in words and as an exit code. */
import type { FlattenReport } from '../rebalance/flatten.ts';
import type { HaltReport } from '../rebalance/halt.ts';

type Closed = FlattenReport | { readonly kind: 'failed'; readonly failure: string };

export type HaltAnswer = HaltReport & {
  /** `recorded`, or what went wrong with the database. */
  readonly database: string;
  /** null: not asked for, or not come to. */
  readonly closed: Closed | null;
};

/** 0: done; 1: a venue or the database failed; 3: all answered, and something is still held. */
export function haltExitCode({ venues, database, closed }: HaltAnswer): 0 | 1 | 3 {
  const isReached = venues.every((one) => one.failure === null) && database === 'recorded';
  if (!isReached) return 1;
  if (closed === null) return 0;
  if (closed.kind === 'failed') return 1;
  if (closed.kind === 'busy') return 3;
  if (closed.unreached.length > 0) return 1;
  return closed.isComplete ? 0 : 3;
}

export function describeHalt({ venues, database, closed }: HaltAnswer): string {
  return [
    ...venues.map(({ venue, cancelled, failure }) =>
      [
        `${venue}: `,
        cancelled === null ? '' : `${cancelled} orders cancelled`,
        failure === null ? '' : `${cancelled === null ? '' : '; '}FAILED, ${failure}`,
      ].join(''),
    ),
    database === 'recorded'
      ? 'halt recorded in the database'
      : `halt NOT recorded, so a daemon that runs goes on: ${database}`,
    ...(closed === null ? [] : describeClosed(closed)),
  ].join('\n');
}

function describeClosed(closed: Closed): readonly string[] {
  if (closed.kind === 'failed') return [`NOT flattened: ${closed.failure}`];
  if (closed.kind === 'busy') {
    return ['NOT flattened: another process holds the portfolio; run it again once it has ended'];
  }
  return [
    ...closed.closings.map(({ action, instrument, quantityBase, filledBase }) =>
      quantityBase === filledBase
        ? `closed: ${action} ${quantityBase} ${instrument}`
        : `NOT closed: ${action} ${filledBase} of ${quantityBase} ${instrument}${action === 'redeem' ? '; a redemption may take the venue hours, `reconcile` says when it has arrived' : ''}`,
    ),
    ...closed.unknown.map(
      (instrument) => `NOT closed, its position or price is unknown: ${instrument}`,
    ),
    ...closed.unreached.map(({ venue, failure }) => `NOT closed at ${venue}: ${failure}`),
    `flattened: ${closed.outcome}`,
  ];
}

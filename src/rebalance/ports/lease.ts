/** The right to write, one holder at a time, with a number that only grows. */

/** One writer per portfolio. */
export type Lease = {
  /** null: another holds it. */
  acquire(portfolio: string): Promise<HeldLease | null>;
};
export type HeldLease = {
  readonly fencingNumber: number;
  /** Asks the database; false once another took it or it ran out. Extends it otherwise. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
};

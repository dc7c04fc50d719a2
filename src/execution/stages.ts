/** Stages: what reduces and frees cash, then what buys and opens, then what lends; within each slice after slice. */
import type { PlannedOrder } from '../domain/order.ts';

/** Orders that are sent together. */
export type Group = {
  readonly phase: 'reduce' | 'open' | 'lend';
  readonly slice: number;
  readonly orders: readonly PlannedOrder[];
};

const phases = ['reduce', 'open', 'lend'] as const;

export function groupOf(
  slice: number,
  orders: readonly PlannedOrder[],
  isReduction: boolean,
): Group {
  const lends = orders.some((order) => order.action === 'subscribe');
  return { phase: lends ? 'lend' : isReduction ? 'reduce' : 'open', slice, orders };
}

/** Groups in the order of their stages, which count from 0 without a gap. */
export function inStages(groups: readonly Group[]): readonly (readonly PlannedOrder[])[] {
  const staged: PlannedOrder[][] = [];
  let stage = 0;
  for (const phase of phases) {
    const ofPhase = groups.filter((group) => group.phase === phase);
    const slices = Math.max(0, ...ofPhase.map((group) => group.slice + 1));
    for (let slice = 0; slice < slices; slice++) {
      const together = ofPhase.filter((group) => group.slice === slice);
      for (const { orders } of together) staged.push(orders.map((order) => ({ ...order, stage })));
      stage += 1;
    }
  }
  return staged;
}

/** The table of all gates, in the order in which they are asked; the first that says no is reported. */
import type { Denial } from '../domain/denial.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { dataGates } from './dataGates.ts';
import { appliesTo, type Gate, type GateFacts } from './gate.ts';
import { orderGates } from './orderGates.ts';
import { portfolioGates } from './portfolioGates.ts';
import { switchGates } from './switchGates.ts';
import { venueGates } from './venueGates.ts';

export const gates: readonly Gate[] = [
  ...switchGates,
  ...dataGates,
  ...venueGates,
  ...orderGates,
  ...portfolioGates,
];

/** The first denial; null: every gate that concerns the order lets it pass. */
export function judgeOrder(order: PlannedOrder, facts: GateFacts): Denial | null {
  for (const gate of gates) {
    if (!appliesTo(gate, order, facts)) continue;
    const finding = gate.judge(order, facts);
    if (finding !== null) return { code: gate.code, instrument: order.instrument, ...finding };
  }
  return null;
}

/** The README's table: gate × orders that reduce risk, as markdown. */
export function gateTable(): string {
  const answer = (holds: boolean) => (holds ? 'yes' : 'no');
  return [
    '| gate | holds for increases | for reductions | for repairs and flattening | why |',
    '|---|---|---|---|---|',
    ...gates.map(
      ({ code, holdsForReductions, holdsForRepairs, explanation }) =>
        `| \`${code}\` | yes | ${answer(holdsForReductions)} | ${answer(holdsForRepairs)} | ${explanation} |`,
    ),
  ].join('\n');
}

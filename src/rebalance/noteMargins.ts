/** Tells where a venue's own margin figures differ from the model's at an observation; sizing and checks count the worse one. */
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { readBook } from '../parity/sizing/book.ts';
import type { Ports } from './ports.ts';

export function noteMargins({ reporter }: Ports, snapshot: Snapshot, policy: Policy): void {
  const reading = readBook(snapshot, policy);
  if (reading.kind !== 'book') return;
  for (const { venue, margin } of reading.book.venues) {
    if (margin.differences.length === 0) continue;
    const { rebalanceId } = snapshot;
    const { differences, correction } = margin;
    reporter.warn({ event: 'marginDiffers', rebalanceId, venue, differences, correction });
  }
}

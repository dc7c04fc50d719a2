/** What no single key of the solvency section can tell. */
import { type Fault, found } from './fault.ts';
import type { Config } from './schema.ts';

export function solvencyFaults({ solvency, venues }: Config): readonly Fault[] {
  return Object.entries(solvency.venues).flatMap(([id, { slug }]) => {
    const faults: Fault[] = [];
    if (!(id in venues)) {
      const allowed = `one of the venues: ${Object.keys(venues).join(', ')}`;
      faults.push({ path: `solvency.venues.${id}`, found: found(id), allowed });
    }
    if (slug !== undefined && solvency.assets === undefined) {
      const allowed = 'solvency.assets, the feed that the slug is looked up in';
      faults.push({ path: `solvency.venues.${id}.slug`, found: found(slug), allowed });
    }
    return faults;
  });
}

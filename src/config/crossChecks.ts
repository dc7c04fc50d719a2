/** What no single key can tell: references between the sections of a config. */
import { CronExpressionParser } from 'cron-parser';
import { type Fault, found } from './fault.ts';
import { objectiveFaults } from './objectiveChecks.ts';
import type { Config } from './schema.ts';
import { solvencyFaults } from './solvencyChecks.ts';
import { venueFaults } from './venueChecks.ts';

/** All faults at once; none: []. */
export function crossChecks(config: Config): readonly Fault[] {
  return [
    ...legFaults(config),
    ...objectiveFaults(config),
    ...scheduleFaults(config),
    ...orderFaults(config),
    ...guardFaults(config),
    ...hedgeFaults(config),
    ...venueFaults(config),
    ...solvencyFaults(config),
  ];
}

function legFaults(config: Config): readonly Fault[] {
  const seen = new Set<string>();
  return config.legs.flatMap((leg, index) => {
    const faults: Fault[] = [];
    if (!(leg.venue in config.venues)) {
      const allowed = `one of the venues: ${Object.keys(config.venues).join(', ')}`;
      faults.push({ path: `legs.${index}.venue`, found: found(leg.venue), allowed });
    }
    if (seen.has(leg.id)) {
      faults.push({ path: `legs.${index}.id`, found: found(leg.id), allowed: 'an id used once' });
    }
    seen.add(leg.id);
    if (leg.kind === 'carry' && leg.spot.split('/')[0] !== leg.perpetual.split('/')[0]) {
      const allowed = `a perpetual on the same coin as ${leg.spot}`;
      faults.push({ path: `legs.${index}.perpetual`, found: found(leg.perpetual), allowed });
    }
    return faults;
  });
}

function scheduleFaults({ rebalance }: Config): readonly Fault[] {
  const { cron, every } = rebalance;
  if ((cron === undefined) === (every === undefined)) {
    const both = cron === undefined ? 'neither' : 'both';
    return [{ path: 'rebalance', found: both, allowed: 'exactly one of cron and every' }];
  }
  if (cron === undefined) return [];
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' });
    return [];
  } catch {
    const allowed = 'a cron expression such as "0 */8 * * *"';
    return [{ path: 'rebalance.cron', found: found(cron), allowed }];
  }
}

function orderFaults(config: Config): readonly Fault[] {
  const { sizing, risk, execution, rebalance } = config;
  const faults: Fault[] = [];
  if (sizing.carryCloseAnnual > sizing.carryOpenAnnual) {
    const allowed = `at most sizing.carryOpenAnnual, ${sizing.carryOpenAnnual}`;
    faults.push({
      path: 'sizing.carryCloseAnnual',
      found: found(sizing.carryCloseAnnual),
      allowed,
    });
  }
  if (risk.historyBarsMin > risk.lookbackBars) {
    const allowed = `at most risk.lookbackBars, ${risk.lookbackBars}`;
    faults.push({ path: 'risk.historyBarsMin', found: found(risk.historyBarsMin), allowed });
  }
  const isPaced = execution.style === 'twap' || execution.style === 'participation';
  if (isPaced && execution.paceMs >= rebalance.deadlineMs) {
    const allowed = `below rebalance.deadlineMs, ${rebalance.deadlineMs}`;
    faults.push({ path: 'execution.paceMs', found: found(execution.paceMs), allowed });
  }
  if (isPaced && execution.paceEveryMs > execution.paceMs) {
    const allowed = `at most execution.paceMs, ${execution.paceMs}`;
    faults.push({ path: 'execution.paceEveryMs', found: found(execution.paceEveryMs), allowed });
  }
  if (execution.style === 'passive' && execution.crossAfterMs >= rebalance.deadlineMs) {
    const allowed = `below rebalance.deadlineMs, ${rebalance.deadlineMs}`;
    faults.push({ path: 'execution.crossAfterMs', found: found(execution.crossAfterMs), allowed });
  }
  return faults;
}

/** The ladder's rungs in their order, and none of them where sizing may take the book. */
function guardFaults({ watch, sizing }: Config): readonly Fault[] {
  const faults: Fault[] = [];
  const inOrder = (keys: readonly (keyof typeof watch)[], rises: boolean): void => {
    for (const [index, key] of keys.entries()) {
      const before = keys[index - 1];
      if (before === undefined || watch[key] > watch[before] === rises) continue;
      const allowed = `${rises ? 'above' : 'below'} watch.${before}, ${watch[before]}`;
      faults.push({ path: `watch.${key}`, found: found(watch[key]), allowed });
    }
  };
  inOrder(
    ['marginWarnRatio', 'marginFenceRatio', 'marginDeleverageRatio', 'marginFlattenRatio'],
    true,
  );
  inOrder(
    ['distanceWarnShare', 'distanceFenceShare', 'distanceDeleverageShare', 'distanceFlattenShare'],
    false,
  );
  if (watch.distanceFenceShare >= sizing.stressPerpetualShare) {
    faults.push({
      path: 'watch.distanceFenceShare',
      found: found(watch.distanceFenceShare),
      allowed: `below sizing.stressPerpetualShare, ${sizing.stressPerpetualShare}, which sizing keeps`,
    });
  }
  return faults;
}

function hedgeFaults({ hedge, venues }: Config): readonly Fault[] {
  const seen = new Set<string>();
  return (hedge?.holdings ?? []).flatMap(({ coin, instruments }, index) => {
    const path = `hedge.holdings.${index}`;
    const faults: Fault[] = [];
    if (seen.has(coin)) {
      faults.push({ path: `${path}.coin`, found: found(coin), allowed: 'a coin used once' });
    }
    seen.add(coin);
    for (const [at, { venue, symbol }] of instruments.entries()) {
      if (!(venue in venues)) {
        const allowed = `one of the venues: ${Object.keys(venues).join(', ')}`;
        faults.push({ path: `${path}.instruments.${at}.venue`, found: found(venue), allowed });
      }
      if (!symbol.startsWith(`${coin}/`) || !symbol.includes(':')) {
        const allowed = `a perpetual on ${coin}, such as ${coin}/USDT:USDT`;
        faults.push({ path: `${path}.instruments.${at}.symbol`, found: found(symbol), allowed });
      }
    }
    return faults;
  });
}

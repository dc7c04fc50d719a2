/** The policy in a config: what `decide` and the line may know of it. */
import { legId, venueId } from '../domain/ids.ts';
import type { Leg } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import type { Config } from './schema.ts';

const barMs = { '1h': 3_600_000, '2h': 7_200_000, '4h': 14_400_000, '1d': 86_400_000 } as const;

export function policyOf(config: Config): Policy {
  const { risk, sizing, rebalance, execution, limits, objective } = config;
  return {
    portfolio: config.portfolio,
    bookUnit: config.bookUnit,
    venues: Object.entries(config.venues).map(([id, venue]) => ({
      id,
      exchange: venue.exchange,
      environment: venue.environment,
      ...(venue.endpoint === undefined ? {} : { endpoint: venue.endpoint }),
    })),
    legs: [...config.legs.map(legOf), ...hedgeLegs(config)],
    objective: {
      kind: objective.kind,
      groupBudgets: objective.groupBudgets ?? null,
      factorBudgets: objective.factorBudgets ?? null,
      confidence: objective.confidence,
      linkage: objective.linkage,
      weightBounds: objective.weightBounds,
      tolerance: objective.tolerance,
    },
    risk: {
      barMs: barMs[risk.bar],
      lookbackBars: risk.lookbackBars,
      historyBarsMin: risk.historyBarsMin,
      volatilityHalfLifeBars: risk.volatilityHalfLifeBars,
      correlationHalfLifeBars: risk.correlationHalfLifeBars,
      volatilityShrinkage: risk.volatilityShrinkageShare,
      correlationShrinkage: risk.correlationShrinkageShare,
      volatilityFloorAnnual: risk.volatilityFloorAnnual,
      stableVolatilityFloorAnnual: risk.stableVolatilityFloorAnnual,
      jumps: risk.jumps,
    },
    sizing: {
      ...sizing,
      driftBandShare: rebalance.driftBandShare,
      tradeTo: rebalance.tradeTo,
      rewardPerRisk: rebalance.rewardPerRisk,
    },
    execution: { ...execution, deadlineMs: rebalance.deadlineMs },
    limits: {
      ...limits,
      orderQuantityShareOfDepthMax: limits.orderDepthShareMax,
      foreignOrders: config.watch.foreignOrders,
      adjustmentsPerDayMax: config.watch.adjustmentsPerDayMax,
    },
    ...signalsOf(config),
  };
}

function signalsOf({ signals }: Config): Pick<Policy, 'signals'> {
  const { enabled, source: _, ...policy } = signals;
  return enabled ? { signals: policy } : {};
}

function legOf(leg: Config['legs'][number]): Leg {
  const { group, budget, ...rest } = leg;
  return {
    ...rest,
    id: legId(leg.id),
    venue: venueId(leg.venue),
    group: group ?? null,
    budget: budget ?? null,
  };
}

/** One leg per perpetual that may hedge a holding; the decision chooses among those of one coin. */
function hedgeLegs({ hedge }: Config): readonly Leg[] {
  return (hedge?.holdings ?? []).flatMap(({ instruments, ...holding }) =>
    instruments.map(({ venue, symbol }, index): Leg => {
      const name = `hedge:${holding.coin}`;
      return {
        id: legId(index === 0 ? name : `${name}:${index + 1}`),
        kind: 'perpetual',
        venue: venueId(venue),
        symbol,
        direction: 'short',
        group: null,
        budget: 0,
        hedge: holding,
      };
    }),
  );
}

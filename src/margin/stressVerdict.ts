/**
 * The stressed-margin rule: in every scenario each venue that survives it keeps equity ≥ maintenance × buffer.
 *
 * One rule for sizing (how far may the book grow) and for the pre-trade check (may this order go).
 */
import type { MarginAccount } from './account.ts';
import type { StressScenario } from './scenarios.ts';
import { stressAccount } from './stress.ts';

export type VenueAccount = { readonly venue: string; readonly account: MarginAccount };

export type StressRow = {
  readonly venue: string;
  readonly scenario: string;
  readonly equityUsd: number;
  /** Maintenance × buffer. */
  readonly requiredUsd: number;
  /** Equity less required: below 0 breaks the rule. */
  readonly headroomUsd: number;
};

export type StressVerdict =
  | { readonly kind: 'holds'; readonly worst: StressRow | null }
  | { readonly kind: 'breached'; readonly worst: StressRow };

/**
 * The row with the least headroom over all venues and scenarios; `worst` is null where no venue holds a position.
 *
 * @param bufferRatio times maintenance that must be left, at least 1.
 */
export function judgeStress(
  accounts: readonly VenueAccount[],
  scenarios: readonly StressScenario[],
  bufferRatio: number,
): StressVerdict {
  let worst: StressRow | null = null;
  let breached = false;
  for (const { venue, account } of accounts) {
    if (account.positions.every((position) => position.quantityBase === 0)) continue;
    for (const scenario of scenarios) {
      if (scenario.lostVenue === venue) continue;
      const after = stressAccount(account, scenario.moves);
      const requiredUsd = after.maintenanceMarginUsd * bufferRatio;
      const headroomUsd = after.equityUsd - requiredUsd;
      breached ||= after.liquidated || headroomUsd < 0;
      if (worst === null || headroomUsd < worst.headroomUsd) {
        worst = {
          venue,
          scenario: scenario.name,
          equityUsd: after.equityUsd,
          requiredUsd,
          headroomUsd,
        };
      }
    }
  }
  return breached && worst !== null ? { kind: 'breached', worst } : { kind: 'holds', worst };
}

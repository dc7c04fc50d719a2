/** What a life of the worker is told when it begins. */
import type { Policy } from '../../src/domain/policy.ts';
import type { GuardSettings } from '../../src/rebalance/marginWatch.ts';
import type { QueuePlace } from '../../src/scheduler/connection.ts';
import type { Death } from './deaths.ts';
import type { RuleName } from './rules.ts';

export type LifeOptions = {
  readonly seed: number;
  readonly policy: Policy;
  readonly guard: GuardSettings;
  readonly origins: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly queue: QueuePlace;
  readonly rules: RuleName;
  /** null: it is not killed by itself. */
  readonly death: Death | null;
  /** `settle`: recovers and reconciles until all is quiet, then ends; takes no jobs. */
  readonly task: 'work' | 'settle';
};

/** A slot's number is in the milliseconds of its time: the policy that it is decided under follows from it. */
export const slotsMax = 1_000;

/** The ports: every effect of the line, as interfaces. Adapters implement them; tests put a world in memory behind them. */
import type { VenueId } from '../domain/ids.ts';
import type { Lease } from './ports/lease.ts';
import type { Reporter } from './ports/report.ts';
import type { SignalsReader } from './ports/signals.ts';
import type { SolvencyWatch } from './ports/solvency.ts';
import type {
  DecisionStore,
  HistoryStore,
  LedgerStore,
  OrderStore,
  StateStore,
} from './ports/stores.ts';
import type { Venue } from './ports/venue.ts';

export type Clock = {
  nowMs(): number;
  /** Resolves when the time has passed; early when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export type Ports = {
  readonly clock: Clock;
  readonly venues: ReadonlyMap<VenueId, Venue>;
  /** Public, only read; not there: none. */
  readonly signalSources?: readonly { readonly id: VenueId; readonly signals: SignalsReader }[];
  readonly decisions: DecisionStore;
  readonly orders: OrderStore;
  readonly ledger: LedgerStore;
  readonly state: StateStore;
  readonly history: HistoryStore;
  readonly lease: Lease;
  readonly reporter: Reporter;
  /** Absent: venues are judged by their switches alone. */
  readonly solvency?: SolvencyWatch;
  /** Aborts when the process is told to stop: what rests is cancelled, and the decision is left to the next start. */
  readonly stopping?: AbortSignal;
};

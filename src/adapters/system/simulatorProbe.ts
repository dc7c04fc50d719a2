/** Who answers at an endpoint: a simulator with its process, or something else, or nothing. */
import { connect } from 'node:net';

const answerMs = 1_000;

export type SimulatorThere = {
  readonly pid: number;
  /** Where it keeps its account; null: nowhere. */
  readonly stateDir: string | null;
  readonly nowMs: number;
};

/** null: nothing that is a simulator, or none that answers in time. */
export async function simulatorAt(endpoint: string): Promise<SimulatorThere | null> {
  // A timer that keeps the process: AbortSignal.timeout lets it go, and an idle socket does too.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), answerMs);
  try {
    const response = await fetch(`${endpoint}/simulator/state`, { signal: limit.signal });
    const { pid, stateDir, nowMs } = (await response.json()) as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof nowMs !== 'number') return null;
    return { pid, nowMs, stateDir: typeof stateDir === 'string' ? stateDir : null };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether nobody even takes a connection there. */
export const isSilent = (endpoint: string) => (): Promise<boolean> =>
  new Promise((settle) => {
    const { hostname, port } = new URL(endpoint);
    const socket = connect({ host: hostname, port: Number(port), timeout: answerMs });
    const end = (isNobody: boolean): void => {
      socket.destroy();
      settle(isNobody);
    };
    socket.once('connect', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(true));
  });

/** What the depeg watch remembers of each stablecoin across restarts, kept as cursors; 0 stands for no time. */
import { type PegMemory, type PegState, pegStates } from '../signals/peg.ts';
import type { Ports } from './ports.ts';

const cursorsOf = (portfolio: string, coin: string) => ({
  state: `pegState|${portfolio}|${coin}`,
  worseSince: `pegWorseSince|${portfolio}|${coin}`,
  keptAt: `pegKeptAt|${portfolio}|${coin}`,
  seenAt: `pegSeenAt|${portfolio}|${coin}`,
});

/** A coin whose price nobody has seen for longer is not called pegged. */
const seenMsMax = 900_000;

export async function readPegMemory(
  { state }: Pick<Ports, 'state'>,
  portfolio: string,
  coin: string,
): Promise<PegMemory | null> {
  const names = cursorsOf(portfolio, coin);
  const [rank, worseSinceMs, keptAtMs] = await Promise.all([
    state.cursor(names.state),
    state.cursor(names.worseSince),
    state.cursor(names.keptAt),
  ]);
  const found = rank === null ? undefined : pegStates[rank];
  if (found === undefined || keptAtMs === null) return null;
  const isWorse = worseSinceMs !== null && worseSinceMs > 0;
  return { state: found, worseSinceMs: isWorse ? worseSinceMs : null, keptAtMs };
}

export async function writePegMemory(
  { state }: Ports,
  portfolio: string,
  coin: string,
  memory: PegMemory,
): Promise<void> {
  const names = cursorsOf(portfolio, coin);
  await state.setCursor(names.keptAt, memory.keptAtMs);
  await state.setCursor(names.worseSince, memory.worseSinceMs ?? 0);
  await state.setCursor(names.state, pegStates.indexOf(memory.state));
}

/** When the coin's price was last known to the watch; null: it never looked. */
export const pegSeenAtMs = (
  { state }: Pick<Ports, 'state'>,
  portfolio: string,
  coin: string,
): Promise<number | null> => state.cursor(cursorsOf(portfolio, coin).seenAt);

export const writePegSeen = (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  portfolio: string,
  coin: string,
): Promise<void> => state.setCursor(cursorsOf(portfolio, coin).seenAt, clock.nowMs());

/** As `readPegs`, for the snapshot: nothing is added to what the watch has lost sight of. */
export async function pegsInForce(
  ports: Pick<Ports, 'state' | 'clock'>,
  portfolio: string,
  coins: ReadonlySet<string>,
): Promise<Readonly<Record<string, PegState>>> {
  const nowMs = ports.clock.nowMs();
  const lostOf = async (coin: string) => {
    const seenMs = await pegSeenAtMs(ports, portfolio, coin);
    return seenMs !== null && nowMs - seenMs > seenMsMax ? [[coin, 'restrict'] as const] : [];
  };
  const [lost, pegs] = await Promise.all([
    Promise.all([...coins].map(lostOf)),
    readPegs(ports, portfolio, coins),
  ]);
  return { ...Object.fromEntries(lost.flat()), ...pegs };
}

/** Coins that are not pegged by what is remembered. */
export async function readPegs(
  ports: Pick<Ports, 'state'>,
  portfolio: string,
  coins: ReadonlySet<string>,
): Promise<Readonly<Record<string, PegState>>> {
  const found = await Promise.all(
    [...coins].map(async (coin) => {
      const memory = await readPegMemory(ports, portfolio, coin);
      return [coin, memory?.state ?? 'pegged'] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, state]) => state !== 'pegged'));
}

/** What the depeg watch remembers of each stablecoin across restarts, kept as cursors; 0 stands for no time. */
import { type PegMemory, type PegState, pegStates } from '../signals/peg.ts';
import type { Ports } from './ports.ts';

const cursorsOf = (portfolio: string, coin: string) => ({
  state: `pegState|${portfolio}|${coin}`,
  worseSince: `pegWorseSince|${portfolio}|${coin}`,
  keptAt: `pegKeptAt|${portfolio}|${coin}`,
});

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

/** Coins that are not pegged, for the snapshot. */
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

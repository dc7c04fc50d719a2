/** A decision whose orders need more margin than their wallet has, and two wallets in memory to move it between. */
import type { Policy } from '../../src/domain/policy.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import type { World } from '../simulation/world.ts';
import { openedWorld, planned, recordTrade, policy as template, withVenue } from './given.ts';
import { createWallets, transfersInMemory, type WalletsState } from './transfersInMemory.ts';

export const policy: Policy = {
  ...template,
  limits: { ...template.limits, walletMoveUsdMax: 20_000 },
};

export const hourMs = 3_600_000;

/** A tenth of a bitcoin at up to 50,100, at three times leverage: 1,672.51 USDT of margin, where 10 are. */
export const wanted = '1662.51';

export async function stand(takesIds = false, allowed: Policy = policy) {
  const { world, ports: bare } = openedWorld();
  const wallets = createWallets(takesIds);
  const ports = withTransfers(world, bare, wallets);
  const recorded = await recordTrade(ports, [planned()], []);
  const record = { ...recorded, policy: allowed };
  world.rows.decisions.set(record.rebalanceId, record);
  return { world, wallets, ports, record };
}

export const withTransfers = (world: World, ports: Ports, wallets: WalletsState): Ports =>
  withVenue(ports, { gateway: { transfers: transfersInMemory(wallets, () => world.nowMs) } });

export const rowsOf = (world: World) =>
  [...world.rows.orders.values()].filter((one) => one.action === 'transfer');
export const statesOf = (world: World) =>
  rowsOf(world).map(({ state, filledBase }) => `${state} ${filledBase}`);

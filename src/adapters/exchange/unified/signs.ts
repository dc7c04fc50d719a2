/** What the venue says of its own soundness: its status, and coins that cannot be withdrawn at all. */
import type { VenueSigns } from '../../../rebalance/ports/venue.ts';
import { isRow, optionalText, row } from '../answer.ts';
import type { Session } from '../session.ts';

/** A halt of one of these says something of the venue, not of a chain. */
const WATCHED_COINS = ['USDT', 'USDC', 'BTC'];

export async function readSigns(session: Session): Promise<VenueSigns> {
  const [status, withdrawalsHalted] = await Promise.all([readStatus(session), readHalted(session)]);
  return { status, withdrawalsHalted, observedAtMs: session.clock.nowMs() };
}

async function readStatus(session: Session): Promise<VenueSigns['status']> {
  if (session.client.has['fetchStatus'] !== true) return 'unknown';
  const answer = row(await session.read('status', () => session.client.fetchStatus()), 'status');
  const status = optionalText(answer, 'status');
  if (status === 'ok') return 'ok';
  return status === 'maintenance' ? 'maintenance' : 'unknown';
}

/** null where the venue does not say, as on testnets and without a key. */
async function readHalted(session: Session): Promise<readonly string[] | null> {
  if (session.faults.credentialsSource === null || session.environment === 'demo') return null;
  const what = 'withdrawal status';
  const answer = await session.read(what, () => session.client.fetchCurrencies(), 2);
  if (!isRow(answer) || Object.keys(answer).length === 0) return null;
  const halted: string[] = [];
  let stated = 0;
  for (const coin of WATCHED_COINS) {
    const isOpen = isWithdrawable(answer[coin]);
    if (isOpen === null) continue;
    stated += 1;
    if (!isOpen) halted.push(coin);
  }
  return stated === 0 ? null : halted;
}

/** Open if any network is; null where nothing is said. */
function isWithdrawable(currency: unknown): boolean | null {
  if (!isRow(currency)) return null;
  const networks = isRow(currency['networks']) ? Object.values(currency['networks']) : [];
  const stated = networks.filter(isRow).map((network) => network['withdraw']);
  const known = stated.filter((value) => typeof value === 'boolean');
  if (known.length > 0) return known.some((value) => value);
  return typeof currency['withdraw'] === 'boolean' ? currency['withdraw'] : null;
}

/** What the venue says of its own soundness: its status, and over which chains the main coins can leave, at what fee. */
import type { VenueSigns } from '../../../rebalance/ports/venue.ts';
import { ALL_CHAINS } from '../../../signals/solvency/chains.ts';
import type { ChainReading } from '../../../signals/solvency/figures.ts';
import { withdrawalStatus } from '../../../signals/solvency/readings.ts';
import { isRow, MalformedAnswer, optionalNumber, optionalText, type Row, row } from '../answer.ts';
import type { Session } from '../session.ts';
import { isMissing } from './offered.ts';

/** @param coins a halt of one of which says something of the venue, not of a chain. @throws OperatingError where the venue offers these and does not answer. */
export async function readSigns(session: Session, coins: readonly string[]): Promise<VenueSigns> {
  const [status, chains] = await Promise.all([readStatus(session), readChains(session, coins)]);
  const observedAtMs = session.clock.nowMs();
  if (chains === null) return { status, withdrawalsHalted: null, observedAtMs };
  const stated = [...new Set(chains.map(({ coin }) => coin))];
  const withdrawalsHalted = stated.filter(
    (coin) => !chains.some((each) => each.coin === coin && each.isOpen),
  );
  return { status, withdrawalsHalted, chains, observedAtMs };
}

async function readStatus(session: Session): Promise<VenueSigns['status']> {
  if (session.client.has['fetchStatus'] !== true) return 'notOffered';
  const answer = await orNothing(session, () =>
    session.read('status', () => session.client.fetchStatus()),
  );
  if (answer === null) return 'notOffered';
  const status = optionalText(row(answer, 'status'), 'status');
  if (status === 'ok') return 'ok';
  return status === 'maintenance' ? 'maintenance' : 'unknown';
}

/** null where the venue does not say, as on some testnets and without a key. */
async function readChains(
  session: Session,
  coins: readonly string[],
): Promise<readonly ChainReading[] | null> {
  const { client, environment } = session;
  if (session.faults.credentialsSource === null || environment === 'demo') return null;
  const what = 'withdrawal status';
  const answer = await orNothing(session, () =>
    session.read(what, () => client.fetchCurrencies(), 2),
  );
  if (!isRow(answer) || Object.keys(answer).length === 0) return null;
  const chains = coins.flatMap((coin) => chainsOf(session, coin, answer[coin]));
  return chains.length === 0 ? null : chains;
}

/** A chain without a word on withdrawals is not stated. */
function chainsOf({ exchange }: Session, coin: string, currency: unknown): readonly ChainReading[] {
  if (!isRow(currency)) return [];
  const networks = isRow(currency['networks']) ? Object.entries(currency['networks']) : [];
  const stated = networks.flatMap(([chain, network]) =>
    isRow(network)
      ? reading(coin, chain, exchange === 'bybit' ? bybitNetwork(network) : network)
      : [],
  );
  return stated.length > 0 ? stated : reading(coin, ALL_CHAINS, currency);
}

/** Bybit leaves the fee empty where a chain takes no withdrawals of a coin, and ccxt calls that one open. */
function bybitNetwork(network: Row): Row {
  const info = isRow(network['info']) ? network['info'] : {};
  const withdraw = network['withdraw'];
  const withdrawFee = info['withdrawFee'];
  if (withdraw !== true || typeof withdrawFee !== 'string') return network;
  const { status } = withdrawalStatus([{ chain: '', withdrawOn: withdraw, withdrawFee }]);
  return { ...network, withdraw: status === 'open' };
}

function reading(coin: string, chain: string, said: Row): readonly ChainReading[] {
  const isOpen = said['withdraw'];
  return typeof isOpen === 'boolean' ? [{ coin, chain, isOpen, feeBase: feeOf(said) }] : [];
}

/** A fee that cannot be read is no reason to know nothing of the switch. */
function feeOf(said: Row): number | null {
  try {
    const fee = optionalNumber(said, 'fee', 'withdrawal fee');
    return fee === null || fee < 0 ? null : fee;
  } catch (error) {
    if (error instanceof MalformedAnswer) return null;
    throw error;
  }
}

/** null: a test environment does not have it. @throws OperatingError */
async function orNothing<T>(session: Session, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(session, error)) return null;
    throw error;
  }
}

/** Account settings: the key's permissions; one-way mode, cross margin and leverage, read first, set only if different. */
import type { Instrument } from '../../../domain/instrument.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { KeyPermissions } from '../../../rebalance/ports/venue.ts';
import { isRow, number, row } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import { isNoChange, readFault } from '../faults.ts';
import type { Session } from '../session.ts';
import { marketOf } from '../unified/market.ts';
import { type ModeCache, readAccountInfo, readPositionRows } from './account.ts';
import { resultOf } from './rows.ts';

export async function readPermissions(session: Session): Promise<KeyPermissions> {
  const what = 'key permissions';
  // The demo does not offer it; its keys can trade play money only.
  if (session.environment === 'demo') return { trade: true, withdraw: false };
  return session.read(what, async () => {
    const answer = await callImplicit(session.client, 'privateGetV5UserQueryApi', {});
    const result = resultOf(answer, what);
    const permissions = row(result['permissions'], what);
    const may = (group: string, action: string): boolean => {
      const list = permissions[group];
      return Array.isArray(list) && list.includes(action);
    };
    return {
      trade: number(result, 'readOnly', what) === 0 && may('ContractTrade', 'Order'),
      withdraw: may('Wallet', 'Withdraw'),
    };
  });
}

/** @throws OperatingError, not retryable, for a classic account or a mode that the venue will not change now. */
export async function prepareAccount(
  session: Session,
  instruments: readonly Instrument[],
  leverage: number,
  modes: ModeCache,
): Promise<void> {
  const info = await readAccountInfo(session);
  if (!info.isUnified) {
    throw new OperatingError(`${session.id}: the account must be a unified trading account`, {
      retryable: false,
      remedy: 'upgrade the account to a unified trading account at the venue',
    });
  }
  if (info.marginMode !== 'cross') {
    await set(session, 'cross margin', 'privatePostV5AccountSetMarginMode', {
      setMarginMode: 'REGULAR_MARGIN',
    });
  }
  for (const instrument of instruments) {
    if (instrument.kind === 'perpetual') {
      await preparePerpetual(session, instrument, leverage, modes);
    }
  }
}

async function preparePerpetual(
  session: Session,
  instrument: Instrument,
  leverage: number,
  modes: ModeCache,
): Promise<void> {
  const { symbol } = instrument;
  const market = { category: 'linear', symbol: marketOf(session, symbol).id };
  const found = await readPositionRows(session, { symbol: market.symbol });
  if (found.some(({ positionIdx }) => positionIdx !== 0)) {
    modes.delete(symbol);
    await set(session, `one-way mode of ${symbol}`, 'privatePostV5PositionSwitchMode', {
      ...market,
      mode: 0,
    });
  }
  const highest = instrument.tiers[0]?.leverageMax ?? leverage;
  const wanted = String(Math.min(leverage, highest));
  if (found.every((position) => position.leverage === Number(wanted)) && found.length > 0) return;
  await set(session, `leverage of ${symbol}`, 'privatePostV5PositionSetLeverage', {
    ...market,
    buyLeverage: wanted,
    sellLeverage: wanted,
  });
}

/** One attempt; "it was so already" is success. */
async function set(
  session: Session,
  what: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    const request = () => callImplicit(session.client, method, params);
    const answer = await session.write('normal', request, { endpoint: 'account' });
    if (!isRow(answer)) throw new Error(`setting ${what} was not answered`);
  } catch (error) {
    if (isNoChange(error, session.faults.codes)) return;
    throw readFault(error, `setting ${what}`, session.faults);
  }
}

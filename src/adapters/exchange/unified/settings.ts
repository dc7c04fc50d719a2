/** Account settings through ccxt's unified methods: read first where the venue lets itself be read, set only if different. */
import type { Instrument } from '../../../domain/instrument.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { AccountReading } from '../../../domain/venue.ts';
import type { KeyPermissions } from '../../../rebalance/ports/venue.ts';
import { isRow, optionalText, row, rows, text } from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import { isNoChange, readFault } from '../faults.ts';
import type { Session } from '../session.ts';
import { leverageIn, readAccount } from './account.ts';

/** How a venue's own words are read first, where ccxt's unified ones do not do. */
export type SettingsReader = {
  readonly account: (perpetuals: readonly string[]) => Promise<AccountReading>;
  /** null: the venue does not say, so that it is set. */
  readonly leverage: (symbol: string) => Promise<number | null>;
};

/** @throws OperatingError where a mode cannot be set. */
export async function prepareAccount(
  session: Session,
  instruments: readonly Instrument[],
  leverage: number,
  reader: SettingsReader = unifiedReader(session),
): Promise<void> {
  const { client, profile } = session;
  const perpetuals = instruments.filter(({ kind }) => kind === 'perpetual');
  const first = perpetuals[0]?.symbol;
  if (first === undefined) return;
  const account = await reader.account([first]);
  if (account.positionMode === 'hedge') {
    if (client.has['setPositionMode'] !== true) throw hedgeMode(session);
    await set(session, 'one-way mode', () => client.setPositionMode(false, first));
  }
  for (const { symbol, tiers } of perpetuals) {
    const wanted = Math.min(leverage, tiers[0]?.leverageMax ?? leverage);
    const params = { leverage: wanted };
    const isModeSet = profile.marginMode === 'set' && client.has['setMarginMode'] === true;
    if (isModeSet && (await readMarginMode(session, symbol, account.marginMode)) !== 'cross') {
      await set(session, `cross margin of ${symbol}`, () =>
        client.setMarginMode('cross', symbol, params),
      );
    }
    if (client.has['setLeverage'] !== true) continue;
    if ((await reader.leverage(symbol)) === wanted) continue;
    await set(session, `leverage of ${symbol}`, () =>
      client.setLeverage(wanted, symbol, { marginMode: 'cross' }),
    );
  }
}

export const unifiedReader = (session: Session): SettingsReader => ({
  account: (perpetuals) => readAccount(session, perpetuals),
  leverage: (symbol) => readLeverage(session, symbol),
});

async function readMarginMode(
  session: Session,
  symbol: string,
  ofAccount: AccountReading['marginMode'],
): Promise<string> {
  const { client } = session;
  if (client.has['fetchMarginMode'] !== true) return ofAccount;
  const what = `margin mode of ${symbol}`;
  const answer = await session.read(what, () => client.fetchMarginMode(symbol));
  return text(row(answer, what), 'marginMode', what);
}

async function readLeverage(session: Session, symbol: string): Promise<number | null> {
  const { client } = session;
  const has = client.has['fetchLeverage'];
  if (has !== true && has !== 'emulated') return null;
  return leverageIn(
    await session.read(`leverage of ${symbol}`, () => client.fetchLeverage(symbol)),
  );
}

async function set(session: Session, what: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await session.write('normal', run, { endpoint: 'account' });
  } catch (error) {
    if (isNoChange(error, session.faults.codes)) return;
    throw readFault(error, `setting ${what}`, session.faults);
  }
}

/** What the venue says of the key; unknown where it is not asked or does not say. */
export async function readPermissions(session: Session): Promise<KeyPermissions> {
  const { client, exchange, environment } = session;
  const what = 'key permissions';
  if (exchange.startsWith('binance') && environment !== 'testnet' && environment !== 'demo') {
    const answer = await session.read(what, () =>
      callImplicit(client, 'sapiGetAccountApiRestrictions', {}),
    );
    const found = row(answer, what);
    return {
      trade: found['enableFutures'] === true || found['enableSpotAndMarginTrading'] === true,
      withdraw:
        typeof found['enableWithdrawals'] === 'boolean' ? found['enableWithdrawals'] : 'unknown',
    };
  }
  if (exchange === 'okx' || exchange === 'myokx') {
    const answer = await session.read(what, () =>
      callImplicit(client, 'privateGetAccountConfig', {}),
    );
    const config = rows(row(answer, what)['data'], what)[0];
    const permissions = isRow(config) ? optionalText(config, 'perm') : null;
    if (permissions !== null) {
      const list = permissions.split(',');
      return { trade: list.includes('trade'), withdraw: list.includes('withdraw') };
    }
  }
  return { trade: session.faults.credentialsSource !== null, withdraw: 'unknown' };
}

function hedgeMode(session: Session): OperatingError {
  return new OperatingError(`${session.id}: the account must be in one-way mode, was hedge mode`, {
    retryable: false,
    remedy: 'close the positions and switch the account to one-way mode at the venue',
  });
}

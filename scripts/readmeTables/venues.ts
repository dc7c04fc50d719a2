/** The README's table of venues, made from the profiles that the adapter itself goes by. */
import type { Lifetime, Profile } from '../../src/adapters/exchange/profiles/profile.ts';
import { profileOf } from '../../src/adapters/exchange/profiles/profileOf.ts';
import { canLend } from '../../src/domain/earnVenues.ts';

const exchanges = ['bybit', 'binance', 'binanceusdm', 'okx', 'hyperliquid', 'deribit'] as const;
const sample = '0123456789abcdef0123456789abcdef';

/** What only the venue's own code can say: where orders are cancelled when we fall silent. */
const deadMan: Readonly<Record<string, string>> = {
  bybit: 'none over HTTP',
  binance: 'per USD-M market',
  binanceusdm: 'per market',
  okx: 'per account',
  hyperliquid: 'per account',
  deribit: 'none over HTTP',
};

export const venueTable = (): string => {
  const rows = [
    ...exchanges.map((exchange) => rowOf(`\`${exchange}\``, exchange, profileOf(exchange))),
    rowOf('any other', 'none', profileOf('none')),
  ];
  const head =
    'venue|client id|same id again|looked up by|late requests refused by|amounts|forgets what ended unfilled after|orders, cancels a second|dead-man switch|reductions below the minimum|lending';
  const columns = head.split('|');
  return [columns, columns.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
};

function rowOf(name: string, exchange: string, profile: Profile): readonly string[] {
  const { clientId, traffic, amounts, lookUp, reducesBelowMinimum } = profile;
  const { orders, cancels } = traffic.limits;
  const cancelRate = cancels === 'orders' ? 'shared' : String(cancels.perSecond);
  const prefix = clientId.encode(sample).replace(sample, '');
  return [
    name,
    `\`${exchange === 'bybit' ? 'orderLinkId' : clientId.param}\`, ${prefix === '' ? '' : `${prefix} + `}32 hex`,
    clientId.repeated,
    lookUp === 'clientOrderId' || exchange === 'bybit' ? 'client id' : 'open and past orders',
    lifetimeText(profile.lifetime),
    amounts === 'base' ? 'coins' : 'contracts → coins',
    spanText(profile.forgetsAfterMs),
    `${orders.perSecond}, ${cancelRate}`,
    deadMan[exchange] ?? 'none',
    reducesBelowMinimum ? 'yes' : 'no',
    canLend(exchange) ? 'yes' : 'refused by `config check`',
  ];
}

function spanText(ms: number | null): string {
  if (ms === null) return 'not documented';
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}

function lifetimeText(lifetime: Lifetime): string {
  switch (lifetime.kind) {
    case 'recvWindow':
      return '`recvWindow`, signed';
    case 'header':
      return `\`${lifetime.name}\` header`;
    case 'signedAction':
      return '`expiresAfter`, signed';
    case 'orderParam':
      return `\`${lifetime.name}\` of the order`;
    case 'none':
      return 'nothing: absent after 120 s only';
  }
}

/**
 * Coins with their networks, and transfers between the two wallets, which have no client id.
 */
import Big from 'big.js';
import { summarize } from '../core/account.ts';
import { spotFree } from '../core/spotWallet.ts';
import type { Venue } from '../core/venue.ts';
import { transferBetween, type WalletUse } from '../core/wallet.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import { within } from '../http/window.ts';
import { chainsOf, isShut, type World } from '../http/world.ts';
import { freeOf } from './accountCalls.ts';
import type { Call, CallContext } from './call.ts';
import { numberOf } from './ids.ts';
import { failed, missing, ok, type Reply } from './reply.ts';

const dayMs = 86_400_000;
const networks: Readonly<Record<string, string>> = { ARBI: 'ARBITRUM' };
const sources: Readonly<Record<string, WalletUse>> = {
  MAIN_UMFUTURE: 'spot',
  UMFUTURE_MAIN: 'contracts',
};

function networkRow(venue: Venue, world: World, coin: string, chain: string): Row {
  const { nowMs } = venue.live;
  const isOpen = (way: 'withdraw' | 'deposit') => !isShut(world, { way, coin, chain }, nowMs);
  const network = networks[chain] ?? chain;
  return {
    network,
    name: network,
    coin,
    isDefault: chain === chainsOf(coin)[0],
    depositEnable: isOpen('deposit'),
    withdrawEnable: isOpen('withdraw'),
    withdrawFee: new Big(world.withdrawalFees[coin] ?? 1).toFixed(),
    withdrawMin: '10',
    withdrawMax: '10000000',
    withdrawIntegerMultiple: '0.000001',
    minConfirm: 6,
    busy: false,
    sameAddress: false,
  };
}

function coins({ venue, world }: CallContext): Reply {
  return ok(
    venue.market.coins.map((coin): Row => {
      const networkList = chainsOf(coin).map((chain) => networkRow(venue, world, coin, chain));
      return {
        coin,
        name: coin,
        free: spotFree(venue, coin).toFixed(8),
        locked: '0',
        freeze: '0',
        withdrawing: '0',
        ipoing: '0',
        ipoable: '0',
        storage: '0',
        isLegalMoney: false,
        trading: true,
        depositAllEnable: networkList.some((row) => row['depositEnable'] === true),
        withdrawAllEnable: networkList.some((row) => row['withdrawEnable'] === true),
        networkList,
      };
    }),
  );
}

function transfer({ venue, parameters }: CallContext): Reply {
  const coin = text(parameters, 'asset');
  const from = sources[text(parameters, 'type')];
  const absent = ['type', 'asset', 'amount'].find((name) => text(parameters, name) === '');
  if (absent !== undefined) return missing(absent);
  if (from === undefined) return failed(-9000, 'This type of transfer is not simulated.');
  const moved = transferBetween(venue, {
    coin,
    amount: text(parameters, 'amount'),
    from,
    free: from === 'spot' ? spotFree(venue, coin) : contractsFree(venue, coin),
  });
  if (typeof moved === 'string') return ok({ tranId: numberOf(moved) });
  return moved.reason === 'insufficientBalance'
    ? failed(-5013, 'Asset transfer failed: insufficient balance')
    : failed(-9000, `Invalid amount: ${moved.message}`);
}

function contractsFree(venue: Venue, coin: string): number {
  const account = summarize(venue);
  const held = account.coins.find((c) => c.coin === coin);
  return held === undefined ? 0 : Math.min(freeOf(account, held), Math.max(0, held.wallet));
}

function transfers({ venue, parameters, lagMs }: CallContext): Reply {
  const type = text(parameters, 'type');
  const from = sources[type];
  if (from === undefined) return missing('type');
  const toMs = Math.min(
    integer(parameters, 'endTime') ?? venue.live.nowMs,
    venue.live.nowMs - lagMs,
  );
  const fromMs = integer(parameters, 'startTime') ?? toMs - 7 * dayMs;
  const rows = within(venue.history.balances, { fromMs, toMs }, (change) => change.atMs)
    .filter((change) => change.cause === 'transfer' && change.cashFlow.startsWith('-'))
    .filter((change) => (change.wallet === 'spot' ? 'spot' : 'contracts') === from)
    .map(
      (change): Row => ({
        asset: change.coin,
        amount: change.cashFlow.slice(1),
        type,
        status: 'CONFIRMED',
        tranId: numberOf(change.reference ?? change.id),
        timestamp: change.atMs,
      }),
    )
    .toReversed();
  const size = Math.min(integer(parameters, 'size') ?? 10, 100);
  const current = Math.max(1, integer(parameters, 'current') ?? 1);
  return ok({ total: rows.length, rows: rows.slice((current - 1) * size, current * size) });
}

const read = { method: 'GET', permission: 'read' } as const;

export const capitalCalls: readonly Call[] = [
  { ...read, path: '/sapi/v1/capital/config/getall', weight: 10, answer: coins },
  { ...read, path: '/sapi/v1/margin/allPairs', weight: 1, answer: () => ok([]) },
  { ...read, path: '/sapi/v1/margin/isolated/allPairs', weight: 1, answer: () => ok([]) },
  { ...read, path: '/sapi/v1/asset/transfer', weight: 1, answer: transfers },
  {
    ...read,
    method: 'POST',
    path: '/sapi/v1/asset/get-funding-asset',
    weight: 1,
    answer: () => ok([]),
  },
  {
    method: 'POST',
    permission: 'wallet',
    path: '/sapi/v1/asset/transfer',
    weight: 900,
    answer: transfer,
  },
];

/**
 * The exchange about itself: its time, its status, the key and the account's settings.
 */
import { text } from '../http/request.ts';
import { inMaintenance, shownMs } from '../http/world.ts';
import type { Call, CallContext } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

function time({ venue, world }: CallContext): Reply {
  const ms = shownMs(world, venue.live.nowMs);
  return ok({ timeSecond: String(Math.floor(ms / 1000)), timeNano: `${ms}000000` });
}

function systemStatus({ venue, world }: CallContext): Reply {
  if (!inMaintenance(world, venue.live.nowMs)) return ok({ list: [] });
  return ok({
    list: [
      {
        id: 'simulated-maintenance',
        title: 'System maintenance',
        state: 'ongoing',
        begin: String(venue.live.nowMs),
        end: String(world.maintenanceUntilMs ?? 0),
        href: '',
        serviceTypes: [2],
        product: [1, 2],
        uidSuffix: [],
        maintainType: 1,
        env: 1,
      },
    ],
  });
}

function queryApi({ venue, world }: CallContext): Reply {
  const may = (permission: string) => (world.permissions as string[]).includes(permission);
  return ok({
    id: '1',
    note: 'simulated',
    apiKey: '',
    readOnly: may('trade') ? 0 : 1,
    secret: '',
    permissions: {
      ContractTrade: may('trade') ? ['Order', 'Position'] : [],
      Spot: may('spotTrade') ? ['SpotTrade'] : [],
      Wallet: may('withdraw') ? ['AccountTransfer', 'Withdraw'] : ['AccountTransfer'],
      Options: [],
      Derivatives: [],
      CopyTrading: [],
      BlockTrade: [],
      Exchange: [],
      NFT: [],
      Affiliate: [],
      Earn: may('earn') ? ['Earn'] : [],
    },
    ips: ['*'],
    type: 1,
    deadlineDay: 365,
    expiredAt: new Date(venue.live.nowMs + 365 * 86_400_000).toISOString(),
    createdAt: new Date(venue.live.bornMs).toISOString(),
    unified: 0,
    uta: 1,
    userID: 1,
    inviterID: 0,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: true,
    parentUid: '0',
    kycLevel: 'LEVEL_DEFAULT',
    kycRegion: '',
  });
}

function accountInfo({ venue }: CallContext): Reply {
  return ok({
    marginMode: venue.live.marginMode,
    updatedTime: String(venue.live.bornMs),
    unifiedMarginStatus: 6,
    dcpStatus: 'OFF',
    timeWindow: 0,
    smpGroup: 0,
    isMasterTrader: false,
    spotHedgingStatus: 'OFF',
  });
}

function setMarginMode({ venue, parameters }: CallContext): Reply {
  const mode = text(parameters, 'setMarginMode');
  if (mode !== 'REGULAR_MARGIN')
    return failed(110073, `only REGULAR_MARGIN is simulated, was ${mode}`);
  venue.live.marginMode = mode;
  return ok({ reasons: [] });
}

export const statusCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/market/time', permission: 'public', answer: time },
  { method: 'GET', path: '/v5/system/status', permission: 'public', answer: systemStatus },
  { method: 'GET', path: '/v5/user/query-api', permission: 'read', answer: queryApi },
  { method: 'GET', path: '/v5/account/info', permission: 'read', answer: accountInfo },
  {
    method: 'POST',
    path: '/v5/account/set-margin-mode',
    permission: 'trade',
    answer: setMarginMode,
  },
];

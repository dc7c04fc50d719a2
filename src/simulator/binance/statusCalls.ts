/**
 * The exchange about itself and the key: time, status, rights, and the account's modes.
 */
import { text } from '../http/request.ts';
import { inMaintenance, shownMs } from '../http/world.ts';
import type { Call, CallContext } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

function time({ venue, world }: CallContext): Reply {
  return ok({ serverTime: shownMs(world, venue.live.nowMs) });
}

function systemStatus({ venue, world }: CallContext): Reply {
  const isDown = inMaintenance(world, venue.live.nowMs);
  return ok({ status: isDown ? 1 : 0, msg: isDown ? 'system_maintenance' : 'normal' });
}

function apiRestrictions({ venue, world }: CallContext): Reply {
  const may = (right: string) => (world.permissions as readonly string[]).includes(right);
  return ok({
    ipRestrict: true,
    createTime: venue.live.bornMs,
    enableReading: may('read'),
    enableWithdrawals: may('withdraw'),
    enableInternalTransfer: false,
    permitsUniversalTransfer: may('wallet'),
    enableMargin: false,
    enableFutures: may('trade'),
    enableVanillaOptions: false,
    enableSpotAndMarginTrading: may('spotTrade'),
    enablePortfolioMarginTrading: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
  });
}

function positionSide({ venue }: CallContext): Reply {
  return ok({ dualSidePosition: venue.live.positionMode === 'hedge' });
}

function setPositionSide({ venue, parameters }: CallContext): Reply {
  const wanted = text(parameters, 'dualSidePosition') === 'true' ? 'hedge' : 'oneWay';
  if (venue.live.positionMode === wanted) return failed(-4059, 'No need to change position side.');
  if (Object.values(venue.live.positions).some((p) => Number(p.quantity) !== 0))
    return failed(-4068, 'Position side cannot be changed if there exists position.');
  if (Object.values(venue.live.openOrders).some((order) => order.category === 'linear'))
    return failed(-4067, 'Position side cannot be changed if there exists open orders.');
  venue.live.positionMode = wanted;
  return ok({ code: 200, msg: 'success' });
}

function multiAssets(): Reply {
  return ok({ multiAssetsMargin: false });
}

function setMultiAssets({ parameters }: CallContext): Reply {
  return text(parameters, 'multiAssetsMargin') === 'true'
    ? failed(-4168, 'Multi-Assets mode is not simulated.')
    : failed(-4171, 'No need to change multi-assets mode.');
}

const none = (): Reply => ok({});
const open = { method: 'GET', permission: 'public', weight: 1 } as const;
const read = { method: 'GET', permission: 'read', weight: 1 } as const;
const set = { method: 'POST', permission: 'trade', weight: 1 } as const;

export const statusCalls: readonly Call[] = [
  { ...open, path: '/api/v3/ping', answer: none },
  { ...open, path: '/fapi/v1/ping', answer: none },
  { ...open, path: '/api/v3/time', answer: time },
  { ...open, path: '/fapi/v1/time', answer: time },
  { ...open, path: '/sapi/v1/system/status', answer: systemStatus },
  { ...read, path: '/sapi/v1/account/apiRestrictions', answer: apiRestrictions },
  { ...read, path: '/sapi/v1/account/status', answer: () => ok({ data: 'Normal' }) },
  { ...read, path: '/fapi/v1/positionSide/dual', weight: 30, answer: positionSide },
  { ...set, path: '/fapi/v1/positionSide/dual', answer: setPositionSide },
  { ...read, path: '/fapi/v1/multiAssetsMargin', weight: 30, answer: multiAssets },
  { ...set, path: '/fapi/v1/multiAssetsMargin', answer: setMultiAssets },
];

/**
 * Every call of the dialect, by method and path.
 */
import { accountCalls } from './accountCalls.ts';
import type { Call } from './call.ts';
import { capitalCalls } from './capitalCalls.ts';
import { crowdCalls } from './crowdCalls.ts';
import { earnCalls } from './earnCalls.ts';
import { fundingCalls } from './fundingCalls.ts';
import { incomeCalls } from './incomeCalls.ts';
import { infoCalls } from './infoCalls.ts';
import { marketCalls } from './marketCalls.ts';
import { batchCalls } from './orderBatchCalls.ts';
import { orderCalls } from './orderCalls.ts';
import { positionCalls } from './positionCalls.ts';
import { recordCalls } from './recordCalls.ts';
import { spotAccountCalls } from './spotAccountCalls.ts';
import { statusCalls } from './statusCalls.ts';

const all: readonly Call[] = [
  ...statusCalls,
  ...infoCalls,
  ...marketCalls,
  ...fundingCalls,
  ...crowdCalls,
  ...accountCalls,
  ...positionCalls,
  ...orderCalls,
  ...batchCalls,
  ...recordCalls,
  ...incomeCalls,
  ...spotAccountCalls,
  ...capitalCalls,
  ...earnCalls,
];

const byRoute = new Map(all.map((call) => [`${call.method} ${call.path}`, call]));

export function findCall(method: string, path: string): Call | undefined {
  return byRoute.get(`${method} ${path}`);
}

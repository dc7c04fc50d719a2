/**
 * Every call of the dialect, by method and path.
 */
import { accountCalls } from './accountCalls.ts';
import type { Call } from './call.ts';
import { candleCalls } from './candleCalls.ts';
import { crowdCalls } from './crowdCalls.ts';
import { earnCalls } from './earnCalls.ts';
import { instrumentCalls } from './instrumentCalls.ts';
import { orderCalls } from './orderCalls.ts';
import { positionCalls } from './positionCalls.ts';
import { recordCalls } from './recordCalls.ts';
import { statusCalls } from './statusCalls.ts';
import { tickerCalls } from './tickerCalls.ts';

const all: readonly Call[] = [
  ...statusCalls,
  ...instrumentCalls,
  ...candleCalls,
  ...tickerCalls,
  ...crowdCalls,
  ...accountCalls,
  ...positionCalls,
  ...orderCalls,
  ...recordCalls,
  ...earnCalls,
];

const byRoute = new Map(all.map((call) => [`${call.method} ${call.path}`, call]));

export function findCall(method: string, path: string): Call | undefined {
  return byRoute.get(`${method} ${path}`);
}

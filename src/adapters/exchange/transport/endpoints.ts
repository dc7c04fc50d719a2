/** Classes of endpoints that venues count apart, and which class an answered request was of. */
import type { RateLimit } from './limiter.ts';

export type EndpointClass = 'orders' | 'cancels' | 'account' | 'market';

export const endpointClasses: readonly EndpointClass[] = ['orders', 'cancels', 'account', 'market'];

/** One allowance each; `orders` for cancels means that the venue counts both in one. */
export type EndpointLimits = {
  readonly orders: RateLimit;
  readonly cancels: RateLimit | 'orders';
  readonly account: RateLimit;
  readonly market: RateLimit;
};

/** The first pattern that matches `METHOD path` names the class. */
export type EndpointRules = readonly (readonly [RegExp, EndpointClass])[];

/** What most venues' paths say; a profile puts its own rules before these. */
const usual: EndpointRules = [
  [/^DELETE |cancel/i, 'cancels'],
  [/^POST .*order/i, 'orders'],
  [/\/(market|public|ticker|depth|klines|time|exchangeInfo|premiumIndex)/i, 'market'],
];

export function classOf(
  { method, path }: { readonly method: string; readonly path: string },
  rules: EndpointRules,
): EndpointClass {
  const [plain = ''] = path.split('?');
  const found = [...rules, ...usual].find(([pattern]) => pattern.test(`${method} ${plain}`));
  return found?.[1] ?? 'account';
}

/**
 * What a failed request means.
 *
 * A write is refused for certain only where a short list says so; everything else is unknown: a time-out, an error that
 * is not ccxt's, an answer that cannot be read. A read becomes an OperatingError that says whether trying again can help.
 */
import { OperatingError } from '../../domain/operatingError.ts';
import type { CancelOutcome, SendOutcome } from '../../rebalance/ports/venue.ts';
import type { CodeRules } from './profiles/profile.ts';
import { NotSent } from './transport/notSent.ts';
import type { Redact } from './transport/redact.ts';

/** Where and as whom: what a message may name. */
export type FaultContext = {
  readonly venue: string;
  readonly exchange: string;
  /** Where the credentials came from; null: there are none. */
  readonly credentialsSource: string | null;
  readonly codes: CodeRules;
  readonly redact: Redact;
};

/** The key lacks a permission: not retryable, and no sign of what the answer would have been. */
export class NotPermitted extends OperatingError {}

/** ccxt's classes that mean "refused", whatever the code. */
const REFUSED = [
  'InsufficientFunds',
  'InvalidOrder',
  'BadSymbol',
  'ArgumentsRequired',
  'PermissionDenied',
  'AuthenticationError',
  'NotSupported',
];
/** These only with a code of the venue: without one they were raised on the way. */
const REFUSED_WITH_CODE = ['RateLimitExceeded', 'InvalidNonce'];

/** Names of an error's classes, the most special first. By name, so that it does not matter which copy raised it. */
export function kindsOf(error: unknown): readonly string[] {
  const kinds: string[] = [];
  let prototype: unknown = error instanceof Error ? Object.getPrototypeOf(error) : null;
  while (prototype !== null && prototype !== undefined && kinds.length < 12) {
    const name = (prototype as { readonly constructor: { readonly name: string } }).constructor
      .name;
    if (name === 'Error') break;
    kinds.push(name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return kinds;
}

/** The venue's own code inside ccxt's message, of the item before that of the batch; null where there is none. */
export function codeOf(error: unknown): string | null {
  const message = error instanceof Error ? error.message : '';
  const item = /"sCode"\s*:\s*"?(-?\d+)"?/g;
  const whole = /"(?:retCode|ret_code|code)"\s*:\s*"?(-?\d+)"?/g;
  const codes = [...message.matchAll(item), ...message.matchAll(whole)].map(([, code]) => code);
  return codes.find((code) => code !== undefined && Number(code) !== 0) ?? null;
}

export function sayingOf(error: unknown, redact: Redact): string {
  const message = error instanceof Error ? error.message : String(error);
  const said = /"(?:sMsg|retMsg|ret_msg|msg)"\s*:\s*"([^"]+)"/.exec(message)?.[1];
  return redact(said ?? message);
}

/** What an error on placing an order says about it. */
export function sendFault(error: unknown, context: FaultContext): SendOutcome {
  const code = codeOf(error);
  const kinds = kindsOf(error);
  const message = sayingOf(error, context.redact);
  const has = (name: string): boolean => kinds.includes(name);
  if (error instanceof NotSent) return { kind: 'rejected', code: error.code, message };
  const { duplicate, duplicateSaid, open, refused } = context.codes;
  // By words whatever the code: ccxt leaves it out where it knows the words.
  const isTaken = (code !== null && duplicate.includes(code)) || duplicateSaid?.test(message);
  if (has('DuplicateOrderId') || isTaken === true) return { kind: 'exists' };
  const isOpen = code !== null && open.includes(code);
  const isRefused =
    REFUSED.some(has) || (code !== null && (REFUSED_WITH_CODE.some(has) || refused.includes(code)));
  if (isRefused && !isOpen) {
    return { kind: 'rejected', code: code ?? kinds[0] ?? 'REFUSED', message };
  }
  return { kind: 'unknown', reason: `${kinds[0] ?? 'error'}: ${message}` };
}

/** What an error on cancelling says. */
export function cancelFault(error: unknown, context: FaultContext): CancelOutcome {
  const code = codeOf(error);
  const isGone = code !== null && context.codes.gone.includes(code);
  if (isGone || kindsOf(error).includes('OrderNotFound')) return { kind: 'gone' };
  return {
    kind: 'unknown',
    reason: `${kindsOf(error)[0] ?? 'error'}: ${sayingOf(error, context.redact)}`,
  };
}

/** True for "it was so already". */
export function isNoChange(error: unknown, codes: CodeRules): boolean {
  const code = codeOf(error);
  return kindsOf(error).includes('NoChange') || (code !== null && codes.unchanged.includes(code));
}

/** What an error on reading says, as the error that a job's edge understands. */
export function readFault(error: unknown, what: string, context: FaultContext): OperatingError {
  if (error instanceof OperatingError) return error;
  const kinds = kindsOf(error);
  const has = (name: string): boolean => kinds.includes(name);
  const head = `${context.venue} (${context.exchange}): ${what} failed`;
  const fault = (saying: string, retryable: boolean, remedy: string) =>
    new OperatingError(`${head}: ${saying}`, { retryable, remedy });
  const code = codeOf(error);
  const said = `${code === null ? '' : `${code} `}${sayingOf(error, context.redact)}`;
  const source = context.credentialsSource ?? 'credentialsEnv or credentialsFile';
  if (has('InvalidNonce')) {
    return fault(said, true, 'set this machine’s clock by NTP; the venue refuses its timestamps');
  }
  if (has('PermissionDenied')) {
    return new NotPermitted(`${head}: ${said}`, {
      retryable: false,
      fault: 'input',
      remedy: `give the key of ${source} the permission that the venue names`,
    });
  }
  if (has('AuthenticationError')) {
    return new OperatingError(`${head}: ${said}`, {
      retryable: false,
      fault: 'input',
      remedy: `check the key and secret of ${source} for this environment`,
    });
  }
  if (has('RateLimitExceeded') || has('DDoSProtection')) {
    return fault(said, true, 'wait; lower the poll rates if it stays');
  }
  if (has('OnMaintenance')) return fault(said, true, 'wait until the venue’s maintenance is over');
  if (has('BadSymbol')) return fault(said, false, 'correct the symbol in the config');
  if (has('NotSupported')) return fault(said, false, 'use a venue that offers it');
  if (has('OperationFailed') || !has('BaseError')) {
    return fault(
      `${kinds[0] ?? 'error'} ${said}`,
      true,
      'check the network and the venue’s status',
    );
  }
  const open = code !== null && context.codes.open.includes(code);
  return fault(said, open, 'look the code up in the venue’s documentation');
}

/**
 * The HTTP dispatcher of one venue: undici with limits on every phase, behind the list of origins.
 *
 * ccxt's own time limit ends at the headers, so a body that stalls would hang; and ccxt follows whatever URL its class
 * builds. Here a request for an origin that is not on the list is refused before a socket is opened.
 */
import { Agent, DecoratorHandler, type Dispatcher } from 'undici';
import { NotSent } from './notSent.ts';
import { admit, type OriginPolicy } from './origins.ts';

export type Timeouts = {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  /** Round the whole of one request. */
  readonly deadlineMs: number;
};

export const defaultTimeouts: Timeouts = {
  connectMs: 5_000,
  headersMs: 8_000,
  bodyMs: 8_000,
  deadlineMs: 10_000,
};

/** Sockets at once to one origin. */
const CONNECTIONS_MAX = 64;
const IDLE_MS = 60_000;

/** The sockets of one account, or of all that a process has: what is sent over them says itself whose it is. */
export const openSockets = (timeouts: Timeouts, connectionsMax = CONNECTIONS_MAX): Agent =>
  new Agent({
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    keepAliveTimeout: IDLE_MS,
    connect: { timeout: timeouts.connectMs },
  });

/** Thrown for a request that the list of origins does not admit: nothing left the process. */
const wrongHost = (venue: string, reason: string): NotSent =>
  new NotSent('WRONG_HOST', `${venue}: a request was refused before it left: ${reason}`, {
    retryable: false,
    remedy: 'check exchange, environment and endpoint of the venue',
  });

/** What every answer says beside its body. */
export type AnswerHead = {
  readonly method: string;
  /** Host that was addressed, whatever was really asked. */
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/**
 * A dispatcher that reaches what the policy admits and nothing else.
 *
 * @param onAnswer called with the head of every answer, before its body is read.
 */
export function createDispatcher(
  venue: string,
  policy: OriginPolicy,
  sockets: Agent,
  onAnswer: (head: AnswerHead) => void = () => {},
): Dispatcher {
  return sockets.compose((dispatch) => (options, handler) => {
    const headers = (options.headers ?? {}) as Readonly<Record<string, string>>;
    const admission = admit(policy, String(options.origin ?? ''), headers);
    if (admission.kind === 'refused') throw wrongHost(venue, admission.reason);
    const request = {
      method: options.method,
      host: new URL(String(options.origin)).host,
      path: options.path,
    };
    return dispatch(
      { ...options, origin: admission.origin, headers: { ...headers, ...admission.headers } },
      watched(handler, (status, found) => onAnswer({ ...request, status, headers: found })),
    );
  });
}

function watched(
  handler: Dispatcher.DispatchHandler,
  onHead: (status: number, headers: AnswerHead['headers']) => void,
): Dispatcher.DispatchHandler {
  const passing: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
  const pass = passing.onResponseStart?.bind(passing);
  passing.onResponseStart = (controller, status, headers, message) => {
    onHead(status, headers);
    pass?.(controller, status, headers, message);
  };
  return passing;
}

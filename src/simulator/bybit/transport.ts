/**
 * The HTTP side of one request: read it, let a fault spoil it, send the answer or what is left of it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Parameters } from './call.ts';
import { answer, type Exchange, type Request } from './exchange.ts';
import { type TransportFault, takeFault } from './faults.ts';
import { shownMs } from './world.ts';

/** Answers a request on the raw response, because faults cut it where a framework would not. */
export async function serve(
  exchange: Exchange,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const request = requestOf(incoming, body);
  const fault = takeFault(exchange.faults, request.method, request.path);
  if (fault?.kind === 'dropBefore') {
    incoming.socket.destroy();
    return;
  }
  const clockMs = () => shownMs(exchange.world, exchange.venue.live.nowMs);
  if (fault !== undefined && sendInstead(fault, outgoing, clockMs())) return;
  if (fault?.kind === 'delay' && fault.when === 'before') await sleep(fault.delayMs);
  const { status, reply } = answer(exchange, request, fault);
  const serverMs = clockMs();
  const text = JSON.stringify({ ...reply, time: serverMs });
  if (fault?.kind === 'delay' && fault.when === 'after') await sleep(fault.delayMs);
  if (status === 503) {
    sendPage(outgoing, status, reply.retMsg);
    return;
  }
  outgoing.statusCode = status;
  outgoing.setHeader('Content-Type', 'application/json; charset=utf-8');
  outgoing.setHeader('Timenow', String(serverMs));
  for (const [name, value] of Object.entries(exchange.rates.headers(request.path)))
    outgoing.setHeader(name, value);
  send(fault, incoming, outgoing, text);
}

/** Faults that answer before the venue sees the request. */
function sendInstead(fault: TransportFault, outgoing: ServerResponse, serverMs: number): boolean {
  switch (fault.kind) {
    case 'serverError':
      if (fault.accepted) return false;
      sendPage(outgoing, fault.status, 'Bad gateway');
      return true;
    case 'html':
      if (fault.accepted) return false;
      sendPage(outgoing, 200, 'Just a moment');
      return true;
    case 'ban':
      sendPage(outgoing, 403, 'access too frequent, please try your request later');
      return true;
    case 'rateLimit':
      outgoing.setHeader('Content-Type', 'application/json');
      outgoing.end(
        JSON.stringify({
          retCode: 10006,
          retMsg: 'Too many visits. Exceeded the API Rate Limit.',
          result: {},
          retExtInfo: {},
          time: serverMs,
        }),
      );
      return true;
    default:
      return false;
  }
}

function sendPage(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.statusCode = status;
  outgoing.setHeader('Content-Type', 'text/html');
  outgoing.end(`<html><body>${text}</body></html>`);
}

function send(
  fault: TransportFault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  text: string,
): void {
  switch (fault?.kind) {
    case 'dropAfter':
      incoming.socket.destroy();
      return;
    case 'serverError':
      sendPage(outgoing, fault.status, 'Bad gateway');
      return;
    case 'html':
      sendPage(outgoing, 200, 'Just a moment');
      return;
    case 'stall':
    case 'truncate':
      outgoing.setHeader('Content-Length', String(Buffer.byteLength(text)));
      outgoing.write(text.slice(0, Math.floor(text.length / 2)), () => {
        if (fault.kind === 'truncate') incoming.socket.destroy();
      });
      return;
    default:
      outgoing.end(text);
  }
}

function requestOf(incoming: IncomingMessage, body: string): Request {
  const method = incoming.method ?? 'GET';
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const header = (name: string) => {
    const value = incoming.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    method,
    path,
    parameters: method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : parse(body),
    signed: {
      key: header('x-bapi-api-key'),
      timestamp: header('x-bapi-timestamp'),
      sign: header('x-bapi-sign'),
      recvWindow: header('x-bapi-recv-window'),
      payload: method === 'GET' ? query : body,
    },
    originalHost: header('x-original-host'),
  };
}

function parse(body: string): Parameters {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Parameters) : {};
  } catch {
    return {};
  }
}

/** Most bytes of a request's body; a batch of ten orders has about three thousand. */
const bodyMax = 1_000_000;

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const part = chunk as Buffer;
    length += part.length;
    if (length > bodyMax) break;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

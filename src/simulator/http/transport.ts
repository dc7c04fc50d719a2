/**
 * The HTTP side of one request: read it, let a fault spoil it, send the answer or what is left of it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, pageOf } from './dialect.ts';
import { answer, type Exchange } from './exchange.ts';
import { type TransportFault, takeFault } from './faults.ts';
import type { Request } from './request.ts';

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
  const instead = answerInstead(exchange, fault);
  if (instead !== null) {
    put(outgoing, instead);
    return;
  }
  if (fault?.kind === 'delay' && fault.when === 'before') await sleep(fault.delayMs);
  const answered = answer(exchange, request, fault);
  if (fault?.kind === 'delay' && fault.when === 'after') await sleep(fault.delayMs);
  if (answered.status === 503) put(outgoing, answered);
  else send(fault, incoming, outgoing, answered);
}

/** Faults that answer before the venue sees the request. */
function answerInstead(exchange: Exchange, fault: TransportFault | undefined): Answered | null {
  switch (fault?.kind) {
    case 'serverError':
      return fault.accepted ? null : pageOf(fault.status, 'Bad gateway');
    case 'html':
      return fault.accepted ? null : pageOf(200, 'Just a moment');
    case 'ban':
    case 'rateLimit':
      exchange.catchUp();
      return exchange.desk.turnAway(exchange, fault);
    default:
      return null;
  }
}

function put(outgoing: ServerResponse, answered: Answered): void {
  head(outgoing, answered);
  outgoing.end(answered.body);
}

function head(outgoing: ServerResponse, { status, headers }: Answered): void {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
}

function send(
  fault: TransportFault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answered: Answered,
): void {
  switch (fault?.kind) {
    case 'dropAfter':
      incoming.socket.destroy();
      return;
    case 'serverError':
      put(outgoing, pageOf(fault.status, 'Bad gateway'));
      return;
    case 'html':
      put(outgoing, pageOf(200, 'Just a moment'));
      return;
    case 'stall':
    case 'truncate': {
      const { body } = answered;
      head(outgoing, answered);
      outgoing.setHeader('Content-Length', String(Buffer.byteLength(body)));
      outgoing.write(body.slice(0, Math.floor(body.length / 2)), () => {
        if (fault.kind === 'truncate') incoming.socket.destroy();
      });
      return;
    }
    default:
      put(outgoing, answered);
  }
}

function requestOf(incoming: IncomingMessage, body: string): Request {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const header = (name: string) => {
    const value = incoming.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    body,
    header,
    originalHost: header('x-original-host'),
  };
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

/** The log: pino, one JSON object a line on stderr, readable text where stderr is a terminal. Nothing leaves unconcealed. */
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createConceal } from './conceal.ts';

export type LoggerOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Values that must never appear: keys, passwords, tokens. */
  readonly secrets: readonly string[];
  /** Text for a person instead of JSON; by default where stderr is a terminal. */
  readonly isPretty?: boolean;
  /** By default stderr, written at once, so that the last line before a crash is there. */
  readonly stream?: DestinationStream;
};

const secretKeys = [
  'apiKey',
  'secret',
  'password',
  'passphrase',
  'privateKey',
  'token',
  'authorization',
  'signature',
];

/** The event's name stands in `event`; errors in `err` with their causes. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, secrets, isPretty = process.stderr.isTTY === true } = options;
  const sink = options.stream ?? standardError();
  const format = isPretty ? forPeople() : (line: string) => line;
  const conceal = createConceal(secrets);
  return pino(
    {
      level,
      messageKey: 'event',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
    },
    { write: (line) => sink.write(conceal(format(line))) },
  );
}

function standardError(): DestinationStream {
  const stream = destination({ fd: 2, sync: true });
  stream.on('error', () => {
    // The reader of the log went away; the daemon goes on.
  });
  return stream;
}

const forPeople = (): ((line: string) => string) =>
  prettyFactory({
    messageKey: 'event',
    colorize: process.stderr.isTTY === true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });

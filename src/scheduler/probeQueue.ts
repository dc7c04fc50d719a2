/** Asks the queue whether it is there, once, and leaves nothing behind. */
import { Redis } from 'ioredis';
import { bounded } from './bounded.ts';
import { connectQueues, type QueuePlace } from './connection.ts';

const answerMs = 5_000;

/** @throws OperatingError when it does not answer in time. */
export const probeQueue = (place: QueuePlace): Promise<void> =>
  place.kind === 'redis' ? probeRedis(place.url) : probeDatabase(place);

/** Without a second try: a worker waits for ever for a server that is gone, who asks wants to know. */
async function probeRedis(url: string): Promise<void> {
  const connection = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: answerMs,
  });
  let refusal: Error | null = null;
  connection.on('error', (error: Error) => {
    refusal = error;
  });
  const ping = async (): Promise<void> => {
    try {
      await connection.connect();
      await connection.ping();
    } catch (error) {
      // "Connection is closed" hides why.
      throw refusal ?? error;
    }
  };
  try {
    await bounded('be reached', answerMs, ping());
  } finally {
    connection.disconnect();
  }
}

async function probeDatabase(place: QueuePlace): Promise<void> {
  const connection = connectQueues(place);
  const queue = connection.queue('equipoise-probe');
  queue.on('error', () => {
    // Who waits for it is told.
  });
  try {
    await bounded('be reached', answerMs, queue.waitUntilReady());
  } finally {
    await bounded('be left', answerMs, queue.close()).catch(() => undefined);
    connection.close();
  }
}

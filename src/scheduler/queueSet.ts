/** The queues and workers of one portfolio, opened and closed together. */
import { bounded } from './bounded.ts';
import { connectQueues, type JobQueue, type JobWorker, type QueuePlace } from './connection.ts';
import type { Lane } from './job.ts';

const closeMs = 2_000;

export type QueueName = Lane | 'ticks';
export type Process = Parameters<ReturnType<typeof connectQueues>['worker']>[1];

export type QueueSet = Readonly<Record<QueueName, JobQueue>> & {
  readonly ready: () => Promise<void>;
  readonly addWorker: (name: QueueName, process: Process, concurrency: number) => Promise<void>;
  /** Workers take nothing more; what runs goes on. */
  readonly pause: () => Promise<unknown>;
  /** @param isIdle false: something still runs and is left behind; another process takes it up. */
  readonly close: (isIdle: boolean) => Promise<void>;
};

export function openQueues(
  place: QueuePlace,
  portfolio: string,
  failed: (error: Error) => void,
): QueueSet {
  const connection = connectQueues(place);
  const fullName = (name: QueueName) => `equipoise-${portfolio}-${name}`;
  const open = (name: QueueName): JobQueue => {
    const queue = connection.queue(fullName(name));
    queue.on('error', failed);
    return queue;
  };
  const queues = { ticks: open('ticks'), line: open('line'), watch: open('watch') };
  const workers: JobWorker[] = [];
  return {
    ...queues,
    ready: async () => {
      // One after another: the first makes the tables.
      for (const queue of Object.values(queues)) await queue.waitUntilReady();
    },
    addWorker: async (name, process, concurrency) => {
      const worker = connection.worker(fullName(name), process, concurrency);
      worker.on('error', failed);
      workers.push(worker);
      await worker.waitUntilReady();
    },
    pause: () =>
      quietly(
        closeMs,
        workers.map(async (worker) => worker.pause(true)),
      ),
    close: async (isIdle) => {
      await quietly(
        closeMs,
        workers.map(async (worker) => worker.close(!isIdle)),
      );
      await quietly(
        closeMs,
        Object.values(queues).map(async (queue) => queue.close()),
      );
      connection.close();
    },
  };
}

/** @returns false when it took longer, or failed: at the end there is nobody to tell. */
export async function quietly(
  limitMs: number,
  work: readonly Promise<unknown>[],
): Promise<boolean> {
  try {
    await bounded('stop', limitMs, Promise.all(work));
    return true;
  } catch {
    return false;
  }
}

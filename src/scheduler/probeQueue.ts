/** Asks the queue whether it is there, and leaves nothing behind: for `doctor`. */
import { bounded } from './bounded.ts';
import { connectQueues, type QueuePlace } from './connection.ts';

const answerMs = 5_000;

/** @throws OperatingError when it does not answer in time. */
export async function probeQueue(place: QueuePlace): Promise<void> {
  const connection = connectQueues(place);
  const queue = connection.queue('equipoise-probe');
  try {
    await bounded('be reached', answerMs, queue.waitUntilReady());
  } finally {
    await bounded('be left', answerMs, queue.close()).catch(() => undefined);
    connection.close();
  }
}

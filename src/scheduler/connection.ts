/**
 * BullMQ's queues and workers on PostgreSQL or on Redis: the only place that knows which.
 *
 * A worker keeps one connection to be woken by; the others on PostgreSQL come and go with the work.
 */
import {
  createPostgresBackend,
  type Job,
  type JobProgress,
  type JobsOptions,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JobSlot } from './job.ts';

export type QueuePlace = {
  /** `database`: postgres://…, `redis`: redis://… or rediss://… */
  readonly kind: 'database' | 'redis';
  readonly url: string;
};

export type QueuedJob = Pick<Job<JobSlot>, 'id' | 'name' | 'data' | 'attemptsMade'>;
type Processor = (job: QueuedJob) => Promise<string>;
export type JobQueue = ReturnType<typeof redisQueue> | DatabaseQueue;
export type JobWorker = ReturnType<typeof redisWorker> | DatabaseWorker;

export type QueueConnection = {
  /** On PostgreSQL the first one makes the tables that all need: wait until it is ready before making workers. */
  queue(name: string): JobQueue;
  worker(name: string, process: Processor, concurrency: number): JobWorker;
  /** After queues and workers are closed. */
  close(): void;
};

const queueOptions = { streams: { events: { maxLen: 1_000 } } };
/** A killed process's job is taken up by another after this. */
const workerOptions = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: 1,
} satisfies Partial<WorkerOptions>;

/** Ended jobs that are kept: enough to know a slot that ended already. */
export const keptJobs = {
  removeOnComplete: { count: 500 },
  removeOnFail: { count: 500 },
} satisfies JobsOptions;

export const connectQueues = ({ kind, url }: QueuePlace): QueueConnection =>
  kind === 'redis' ? onRedis(url) : onDatabase(url);

const redisQueue = (name: string, connection: Redis) =>
  new Queue<JobSlot, string>(name, { ...queueOptions, connection, prefix: 'equipoise' });

const redisWorker = (name: string, process: Processor, concurrency: number, connection: Redis) =>
  new Worker<JobSlot, string>(name, (job) => process(job), {
    ...workerOptions,
    connection,
    concurrency,
    prefix: 'equipoise',
  });

function onRedis(url: string): QueueConnection {
  const connections: Redis[] = [];
  const connect = (): Redis => {
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    connection.on('error', () => {
      // The queue or worker on it reports it; without a listener it would end the process.
    });
    connections.push(connection);
    return connection;
  };
  return {
    queue: (name) => redisQueue(name, connect()),
    worker: (name, process, concurrency) => redisWorker(name, process, concurrency, connect()),
    close: () => {
      for (const connection of connections) connection.disconnect();
    },
  };
}

type DatabaseQueue = Queue<
  JobSlot,
  string,
  string,
  JobSlot,
  string,
  string,
  PostgresQueueBackend,
  PostgresConnectionOptions
>;
type DatabaseWorker = Worker<
  JobSlot,
  string,
  string,
  PostgresQueueBackend,
  JobProgress,
  PostgresConnectionOptions
>;

/** A connection that ends while it is in use emits an error that nobody else listens to, which would end the process. */
const ListenedClient = new Proxy(pg.Client, {
  construct: (target, options) => {
    const client = Reflect.construct(target, options) as pg.Client;
    client.on('error', () => {
      // Its statement says so.
    });
    return client;
  },
});

function onDatabase(url: string): QueueConnection {
  const place = (migrate: boolean) => ({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    migrate,
    Client: ListenedClient,
  });
  return {
    queue: (name): DatabaseQueue =>
      new Queue(name, { ...queueOptions, connection: place(true) }, createPostgresBackend),
    worker: (name, process, concurrency): DatabaseWorker =>
      new Worker(
        name,
        (job) => process(job),
        { ...workerOptions, connection: place(false), concurrency },
        createPostgresBackend,
      ),
    // Every queue and worker closes its own connections.
    close: () => {},
  };
}

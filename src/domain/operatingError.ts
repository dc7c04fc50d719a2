/** The world failed: thrown by adapters only, seen by the adapter that can look it up and by the job's edge. */
export class OperatingError extends Error {
  readonly retryable: boolean;
  /** What a person should do, one sentence. */
  readonly remedy: string;
  /** `world`: something does not answer; `input`: config, key or data are wrong; `refusal`: all answer, and we will not. */
  readonly fault: 'world' | 'input' | 'refusal';

  constructor(
    message: string,
    options: {
      readonly retryable: boolean;
      readonly remedy: string;
      readonly fault?: OperatingError['fault'];
      readonly cause?: unknown;
    },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperatingError';
    this.retryable = options.retryable;
    this.remedy = options.remedy;
    this.fault = options.fault ?? 'world';
  }
}

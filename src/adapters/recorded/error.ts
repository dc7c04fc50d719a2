/** A recorded file that is missing, malformed or does not reach far enough: says which one and what to do. */
export class RecordedDataError extends Error {
  readonly file: string;
  readonly remedy: string;

  constructor(file: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${file}: ${problem}; ${remedy}`, options);
    this.name = 'RecordedDataError';
    this.file = file;
    this.remedy = remedy;
  }
}

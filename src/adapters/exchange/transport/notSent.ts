/** Raised before anything left the process: whoever sees it knows that the venue was not asked. */
import { OperatingError } from '../../../domain/operatingError.ts';

export type NotSentCode =
  | 'WRONG_HOST'
  | 'RATE_LIMITED'
  | 'BANNED'
  | 'CLOCK_WRONG'
  | 'LATE'
  | 'NOT_EXACT'
  | 'NOT_LEFT';

export class NotSent extends OperatingError {
  readonly code: NotSentCode;

  constructor(
    code: NotSentCode,
    message: string,
    options: { readonly retryable: boolean; readonly remedy: string },
  ) {
    super(message, options);
    this.name = 'NotSent';
    this.code = code;
  }
}

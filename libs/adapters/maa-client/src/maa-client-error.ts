import { CodedError } from '@touchstone/errors';
import type { CodedErrorOptions } from '@touchstone/errors';

export type MaaClientErrorCode =
  /** The service answered with a refusal, which `refusal` repeats. */
  | 'MAA_REFUSED'
  /** It could not be reached, or failed itself. */
  | 'MAA_UNAVAILABLE'
  /** Its answer is not one of this API. */
  | 'MAA_BAD_ANSWER'
  /** The endpoint is no https URL. */
  | 'MAA_ENDPOINT_INVALID';

/** A refusal as the wire said it. */
export interface MaaRefusal {
  readonly by: 'attestation';
  /** HTTP status. */
  readonly status: number;
  /** `error.code` of the body, such as `InvalidParameter`. */
  readonly code: string;
  /** `x-ms-request-id`: names the decision record. */
  readonly requestId: string;
}

interface MaaClientErrorOptions extends CodedErrorOptions {
  readonly refusal?: MaaRefusal;
}

export class MaaClientError extends CodedError<MaaClientErrorCode> {
  declare readonly refusal?: MaaRefusal;

  constructor(code: MaaClientErrorCode, message: string, options: MaaClientErrorOptions = {}) {
    super(code, message, options);
    if (options.refusal !== undefined) this.refusal = options.refusal;
  }
}

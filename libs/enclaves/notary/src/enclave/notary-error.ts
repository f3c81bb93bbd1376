import { CodedError } from '@touchstone/errors';

export type NotaryErrorCode = 'NOTARY_RUNTIME_DATA_TOO_LARGE';

export class NotaryError extends CodedError<NotaryErrorCode> {}

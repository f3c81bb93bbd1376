import { CodedError } from '@touchstone/errors';

export type TlsErrorCode = 'TLS_CA_UNUSABLE' | 'TLS_KEK_INVALID' | 'TLS_KEK_EXPOSED';

/** What the state folder holds cannot be used; `field` is the file or variable at fault. */
export class TlsError extends CodedError<TlsErrorCode> {}

import { CodedError } from '@touchstone/errors';

export type StoreErrorCode = 'STORE_UNAVAILABLE' | 'STORE_KEK_MISMATCH' | 'STORE_SECRET_UNREADABLE';

/** The state cannot be opened or read; `field` names the file, the row or the setting at fault. */
export class StoreError extends CodedError<StoreErrorCode> {}

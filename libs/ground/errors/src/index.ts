export { CodedError, hasCode } from './coded-error';
export type { CodedErrorOptions } from './coded-error';

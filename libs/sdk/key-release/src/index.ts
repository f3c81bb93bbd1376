export { KeyReleaseError } from './key-release-error';
export type { KeyReleaseErrorCode } from './key-release-error';
export { encodeKeyEvidence, makeKeyEvidence, MAX_NONCE_BYTES } from './key-evidence';
export type { KeyEvidence } from './key-evidence';
export { obtainKey } from './obtain-key';
export type { KeyRequest } from './obtain-key';
export { releasedKey } from './released-key';

export { storeDataKey } from './data-key';
export type { DataKey, OwnerAccount } from './data-key';
export { releasePolicyFor } from './release-policy';
export type { ReviewedEnclave } from './release-policy';

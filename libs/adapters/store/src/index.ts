export { DEFAULT_MAX_DECISIONS } from './decisions';
export { DEFAULT_SCHEMA, openServiceStore, openStore } from './open-store';
export type { ServiceStoreOptions, Store, StoreOptions } from './open-store';
export { StoreError } from './store-error';
export type { StoreErrorCode } from './store-error';

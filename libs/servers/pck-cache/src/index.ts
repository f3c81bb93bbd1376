export { INTEL_CRL_HOSTS, MAX_CRL_URI_CHARACTERS, MAX_QE_ID_CHARACTERS } from './parameters';
export { MAX_HOT_ANSWERS } from './hot-answers';
export { DEFAULT_REFRESH_SECONDS } from './schedule';
export { createPckCacheServer } from './server';
export type { PckCacheServerOptions } from './server';
export { startPckCache } from './start';
export type { PckCacheOptions, RunningPckCache } from './start';

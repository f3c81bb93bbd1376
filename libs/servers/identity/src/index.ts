export { MICROSOFT_NAMES } from './origins';
export type { OriginOptions } from './origins';
export { createIdentityServer, IDENTITY_PATHS } from './server';
export type { IdentityServerOptions } from './server';
export { SERVICE_NAME, startIdentity } from './start';
export type { IdentityOptions } from './start';

export { BACKDATE_SECONDS, issuerV1, issuerV2, TOKEN_LIFETIME_SECONDS } from './access-token';
export {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_OBJECT_ID,
  DEVELOPMENT_TENANT,
  DEVELOPMENT_TENANT_ID,
} from './development';
export { isGuid, SHARED_TENANTS } from './directory';
export type { Application, Tenant } from './directory';
export { IdentityError } from './identity-error';
export type { IdentityErrorCode } from './identity-error';
export { createIdentityService } from './identity-service';
export type {
  IdentityService,
  IdentityServiceOptions,
  TokenGrant,
  TokenRequest,
} from './identity-service';
export { AZURE_RESOURCES } from './resources';
export type { PublishedKey } from './signing-key';

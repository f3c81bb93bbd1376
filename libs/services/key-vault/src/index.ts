export {
  KEY_ACTIONS,
  ROLES,
  VaultForbiddenError,
  createAccessControl,
  unknownRoles,
} from './access';
export type { AccessControl, Grant, KeyAction, Principal, RoleAssignments } from './access';
export { MAX_AUTHORITIES } from './authority-copies';
export { AUTHORITY_FRESH_MS, AUTHORITY_REFRESH_MS, MAX_AUTHORITY_KEYS } from './authority-keys';
export type { AuthorityDocuments } from './authority-keys';
export { REVOCATIONS_FRESH_MS } from './authority-revocations';
export { createKeyVault } from './key-vault';
export type { KeyVault, KeyVaultDeps } from './key-vault';
export { RECOVERABLE_DAYS } from './keys';
export type { Keys } from './keys';
export type { ReleaseCall, ReleaseOutcome } from './release-key';
export type { ReleaseTrail } from './release-trail';
export { RELEASE_KEY_PURPOSE } from './release-signer';
export { VaultError } from './vault-error';
export type { VaultErrorCode } from './vault-error';
export type { VaultScope } from './vault-scope';

import { CodedError } from '@touchstone/errors';

export type VaultErrorCode =
  | 'VAULT_FORBIDDEN'
  | 'VAULT_KEY_NOT_FOUND'
  | 'VAULT_DELETED_KEY_NOT_FOUND'
  /** The name is held by a deleted key until that is recovered or purged. */
  | 'VAULT_NAME_DELETED'
  | 'VAULT_KEY_CONTENDED'
  | 'VAULT_KEY_MATERIAL'
  | 'VAULT_KEY_DISABLED'
  | 'VAULT_KEY_NOT_YET_VALID'
  | 'VAULT_KEY_EXPIRED'
  | 'VAULT_KEY_NOT_EXPORTABLE'
  /** The API version knows neither exportable keys nor release. */
  | 'VAULT_EXPORTABLE_UNSUPPORTED'
  | 'VAULT_EXPORTABLE_WITHOUT_POLICY'
  | 'VAULT_POLICY_WITHOUT_EXPORTABLE'
  | 'VAULT_SOFTWARE_KEY_EXPORTABLE'
  | 'VAULT_EXPORTABLE_FIXED'
  | 'VAULT_POLICY_OF_VERSION'
  | 'VAULT_POLICY_IMMUTABLE'
  /** Metadata or keys of an attestation service could not be had; `field` is its URL. */
  | 'VAULT_AUTHORITY_UNREACHABLE'
  | 'VAULT_ATTESTATION_UNVERIFIED'
  | 'VAULT_POLICY_NOT_MET'
  | 'VAULT_KEK_UNUSABLE';

export class VaultError extends CodedError<VaultErrorCode> {}

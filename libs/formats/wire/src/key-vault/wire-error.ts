import { CodedError } from '@touchstone/errors';

export type VaultWireErrorCode =
  | 'VAULT_BODY_INVALID'
  | 'VAULT_MEMBER_MISSING'
  | 'VAULT_MEMBER_INVALID'
  | 'VAULT_MEMBER_UNSUPPORTED'
  | 'VAULT_API_VERSION_MISSING'
  | 'VAULT_API_VERSION_UNKNOWN'
  | 'VAULT_KEY_NAME_INVALID'
  | 'VAULT_KEY_VERSION_INVALID'
  | 'VAULT_PAGE_INVALID';

/** A request that is not of the key API; `field` names the member, parameter or path segment at fault. */
export class VaultWireError extends CodedError<VaultWireErrorCode> {}

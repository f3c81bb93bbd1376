import { CodedError } from '@touchstone/errors';

export type IdentityErrorCode =
  | 'IDENTITY_TENANT_UNKNOWN'
  | 'IDENTITY_TENANT_MISSING'
  | 'IDENTITY_PARAMETER_MISSING'
  | 'IDENTITY_GRANT_UNSUPPORTED'
  | 'IDENTITY_CLIENT_UNKNOWN'
  | 'IDENTITY_CREDENTIAL_MISSING'
  | 'IDENTITY_CREDENTIAL_REPEATED'
  | 'IDENTITY_SECRET_WRONG'
  | 'IDENTITY_ASSERTION_UNMATCHED'
  | 'IDENTITY_SCOPE_INVALID'
  | 'IDENTITY_RESOURCE_UNKNOWN'
  | 'IDENTITY_HOST_UNKNOWN'
  | 'IDENTITY_KEY_UNAVAILABLE'
  | 'IDENTITY_NO_TENANT'
  | 'IDENTITY_DIRECTORY_INVALID';

/** Why no token or document is given; `field` names the parameter at fault, or quotes an identifier of it. */
export class IdentityError extends CodedError<IdentityErrorCode> {}

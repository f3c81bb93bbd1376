import type { EntraErrorCode } from '@touchstone/entra-client';
import type { CodedError } from '@touchstone/errors';
import type { ErrorRow, ErrorTable } from '@touchstone/http';
import type { ReleaseErrorCode } from '@touchstone/release';
import { VaultForbiddenError } from '@touchstone/service-key-vault';
import type { VaultErrorCode } from '@touchstone/service-key-vault';
import type { keyVault } from '@touchstone/wire';
import type { VaultServerErrorCode } from './server-error';

const badParameter = (message?: ErrorRow['message']): ErrorRow => ({
  status: 400,
  code: 'BadParameter',
  ...(message !== undefined && { message }),
});
const forbidden = (message: ErrorRow['message']): ErrorRow => ({
  status: 403,
  code: 'Forbidden',
  ...(message !== undefined && { message }),
});
const field = (error: CodedError): string => error.field ?? '';
const invalidProperty = (error: CodedError): string => `Property ${field(error)} has invalid value`;

const UNVERIFIED = 'Target environment attestation statement cannot be verified.';
const NOT_MET = 'Target environment attestation does not meet key release policy requirements.';
const NO_EXPORT =
  "AKV.SKR.1001: The exportable attribute is only supported with premium vaults and API version >= '7.3-preview'.";

const VAULT_ROWS: Readonly<Record<VaultErrorCode, ErrorRow>> = {
  VAULT_FORBIDDEN: forbidden(notAuthorized),
  VAULT_KEY_NOT_FOUND: { status: 404, code: 'KeyNotFound', message: keyNotFound },
  VAULT_DELETED_KEY_NOT_FOUND: {
    status: 404,
    code: 'KeyNotFound',
    message: (error) => `Deleted Key not found: ${field(error)}`,
  },
  VAULT_NAME_DELETED: { status: 409, code: 'Conflict', message: nameDeleted },
  VAULT_KEY_CONTENDED: { status: 409, code: 'Conflict' },
  VAULT_KEY_MATERIAL: badParameter(invalidProperty),
  VAULT_KEY_DISABLED: forbidden('Operation release is not allowed on a disabled key.'),
  VAULT_KEY_NOT_YET_VALID: forbidden(
    'Operation release is not allowed on a key that is not yet valid.',
  ),
  VAULT_KEY_EXPIRED: forbidden('Operation release is not allowed on an expired key.'),
  VAULT_KEY_NOT_EXPORTABLE: forbidden(
    'Operation release is not allowed on a key that is not exportable.',
  ),
  VAULT_EXPORTABLE_UNSUPPORTED: badParameter(NO_EXPORT),
  VAULT_EXPORTABLE_WITHOUT_POLICY: badParameter(
    'AKV.SKR.1004: Exportable keys must have release policy.',
  ),
  VAULT_POLICY_WITHOUT_EXPORTABLE: badParameter(
    'AKV.SKR.1005: Non-exportable keys must not have release policy.',
  ),
  VAULT_SOFTWARE_KEY_EXPORTABLE: badParameter(
    'AKV.SKR.1006: Software protected keys cannot be exportable.',
  ),
  VAULT_AUTHORITY_UNREACHABLE: badParameter(
    (error) => `AKV.SKR.1012: The specified attestation service ${field(error)} cannot be reached.`,
  ),
  VAULT_EXPORTABLE_FIXED: badParameter(
    'AKV.SKR.1014: Cannot modify the exportable state of a key.',
  ),
  VAULT_POLICY_OF_VERSION: badParameter(
    'AKV.SKR.1016: Key Release Policy can only be set on versionless key',
  ),
  VAULT_POLICY_IMMUTABLE: badParameter(
    'AKV.SKR.1020: Immutable Key Release Policy cannot be modified.',
  ),
  VAULT_ATTESTATION_UNVERIFIED: forbidden(UNVERIFIED),
  VAULT_POLICY_NOT_MET: forbidden(NOT_MET),
  VAULT_KEK_UNUSABLE: badParameter(
    'Target environment attestation carries no usable key encryption key.',
  ),
};

const POLICY_ROW = badParameter(
  (error) => `Property release_policy has invalid value: ${error.message}`,
);
const RELEASE_ROWS: Readonly<Record<Exclude<ReleaseErrorCode, `RELEASE_KEK_${string}`>, ErrorRow>> =
  {
    RELEASE_POLICY_TOO_LARGE: POLICY_ROW,
    RELEASE_POLICY_MALFORMED: POLICY_ROW,
    RELEASE_POLICY_GRAMMAR: POLICY_ROW,
    RELEASE_POLICY_TOO_DEEP: POLICY_ROW,
    RELEASE_POLICY_TOO_MANY_CONDITIONS: POLICY_ROW,
  };

const WIRE_ROWS: Readonly<Record<keyVault.VaultWireErrorCode, ErrorRow>> = {
  VAULT_BODY_INVALID: badParameter(),
  VAULT_MEMBER_MISSING: badParameter(),
  VAULT_MEMBER_INVALID: badParameter(),
  VAULT_MEMBER_UNSUPPORTED: badParameter(),
  VAULT_API_VERSION_MISSING: badParameter(),
  VAULT_API_VERSION_UNKNOWN: badParameter(),
  VAULT_KEY_NAME_INVALID: badParameter(),
  VAULT_KEY_VERSION_INVALID: badParameter(),
  VAULT_PAGE_INVALID: badParameter(),
};

const SERVER_ROWS: Readonly<Record<VaultServerErrorCode, ErrorRow>> = {
  VAULT_UNKNOWN: {
    status: 404,
    code: 'VaultNotFound',
    message: 'No vault answers to this host name.',
  },
  VAULT_OPERATION_UNSUPPORTED: { status: 400, code: 'NotSupported' },
};

const unauthorized = (message: string): ErrorRow => ({
  status: 401,
  code: 'Unauthorized',
  message,
});
const BEARER_ROWS: Readonly<Record<Extract<EntraErrorCode, `BEARER_${string}`>, ErrorRow>> = {
  BEARER_MISSING: unauthorized('AKV10000: Request is missing a Bearer or PoP token.'),
  BEARER_MALFORMED: unauthorized('Error validating token: the token is malformed.'),
  BEARER_EXPIRED: unauthorized(
    'Error validating token: the token has expired or is not yet valid.',
  ),
  BEARER_ISSUER: unauthorized('AKV10032: Invalid issuer.'),
  BEARER_AUDIENCE: unauthorized('AKV10022: Invalid audience. Expected https://vault.azure.net.'),
  BEARER_INVALID: unauthorized('Error validating token: its signature or claims prove nothing.'),
  BEARER_KEYS_UNAVAILABLE: {
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The keys of the token authority cannot be had now.',
  },
};

/** Every foreseen failure of this server: status, wire code, exact text. */
export const ERROR_TABLE: ErrorTable = {
  ...VAULT_ROWS,
  ...RELEASE_ROWS,
  ...WIRE_ROWS,
  ...SERVER_ROWS,
  ...BEARER_ROWS,
};

/** The inner code of a refusal, where the live service has one. */
export const INNER_CODES: Readonly<Partial<Record<VaultErrorCode, string>>> = {
  VAULT_FORBIDDEN: 'ForbiddenByRbac',
  VAULT_NAME_DELETED: 'ObjectIsDeletedButRecoverable',
  VAULT_KEY_DISABLED: 'KeyDisabled',
  VAULT_KEY_NOT_YET_VALID: 'KeyNotYetValid',
  VAULT_KEY_EXPIRED: 'KeyExpired',
};

function keyNotFound(error: CodedError): string {
  return (
    `A key with (name/id) ${field(error)} was not found in this key vault. If you recently deleted this key ` +
    'you may be able to recover it using the correct recovery command. For help resolving this issue, please see ' +
    'https://go.microsoft.com/fwlink/?linkid=2125182'
  );
}

function nameDeleted(error: CodedError): string {
  return (
    `Key ${field(error)} is currently in a deleted but recoverable state, and its name cannot be reused; ` +
    'in this state, the key can only be recovered or purged.'
  );
}

function notAuthorized(error: CodedError): string {
  if (!(error instanceof VaultForbiddenError))
    return 'Caller is not authorized to perform action on resource.';
  const { principal, action, object, vault } = error;
  const resource = `/providers/microsoft.keyvault/vaults/${vault}${object === '' ? '' : `/${object}`}`;
  return [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: appid=${principal.appid};oid=${principal.oid};iss=https://sts.windows.net/${principal.tid}/`,
    `Action: 'Microsoft.KeyVault/vaults/${action}'`,
    `Resource: '${resource}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    'DecisionReason: null ',
    `Vault: ${vault};location=local`,
    '',
  ].join('\r\n');
}

import type { VaultKeyVersion } from '@touchstone/ports';
import { encodeReleasePolicy, parseReleasePolicy } from '@touchstone/release';
import { keyVault } from '@touchstone/wire';
import type { AuthorityKeys } from './authority-keys';
import { VaultError } from './vault-error';

type StoredPolicy = NonNullable<VaultKeyVersion['releasePolicy']>;

export const DEFAULT_POLICY_CONTENT_TYPE = 'application/json; charset=utf-8';

/** Whether a new key may be exportable, and must, may or must not have a policy. */
export function assertExportRules(
  {
    kty,
    attributes: { exportable = false },
    releasePolicy,
  }: keyVault.CreateKeyRequest | keyVault.ImportKeyRequest,
  apiVersion: keyVault.ApiVersion,
): void {
  if (exportable && !keyVault.supportsRelease(apiVersion))
    throw refused('VAULT_EXPORTABLE_UNSUPPORTED', 'exportable');
  if (exportable && !keyVault.isHsmType(kty))
    throw refused('VAULT_SOFTWARE_KEY_EXPORTABLE', 'exportable');
  if (exportable && releasePolicy === undefined)
    throw refused('VAULT_EXPORTABLE_WITHOUT_POLICY', 'release_policy');
  if (!exportable && releasePolicy !== undefined)
    throw refused('VAULT_POLICY_WITHOUT_EXPORTABLE', 'release_policy');
}

/**
 * The policy as it is stored. Its grammar is checked and every authority that it names is asked for its keys now, so
 * that a policy that can never be met is noticed by who writes it. ReleaseError, VAULT_AUTHORITY_UNREACHABLE.
 */
export async function admitPolicy(
  member: keyVault.ReleasePolicyMember,
  authorityKeys: AuthorityKeys,
  at: Date,
): Promise<StoredPolicy> {
  const policy = parseReleasePolicy(member.data);
  const authorities = new Set(policy.anyOf.map(({ authority }) => authority));
  await Promise.all([...authorities].map((authority) => authorityKeys.keys(authority, at)));
  return {
    contentType: member.contentType ?? DEFAULT_POLICY_CONTENT_TYPE,
    data: encodeReleasePolicy(policy),
    immutable: member.immutable ?? false,
  };
}

/** Whether the policy and exportability of an existing key may be changed in this way. */
export function assertChangeRules(
  current: VaultKeyVersion,
  { attributes: { exportable }, releasePolicy }: keyVault.KeyProperties,
  version: string | undefined,
): void {
  if (exportable !== undefined && exportable !== current.exportable) {
    throw refused('VAULT_EXPORTABLE_FIXED', 'exportable');
  }
  if (releasePolicy === undefined) return;
  if (version !== undefined) throw refused('VAULT_POLICY_OF_VERSION', 'release_policy');
  if (!current.exportable) throw refused('VAULT_POLICY_WITHOUT_EXPORTABLE', 'release_policy');
  if (current.releasePolicy?.immutable === true)
    throw refused('VAULT_POLICY_IMMUTABLE', 'release_policy');
}

function refused(code: ConstructorParameters<typeof VaultError>[0], field: string): VaultError {
  return new VaultError(code, `${field} is not allowed here`, { field });
}

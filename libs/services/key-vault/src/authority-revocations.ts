import { EXTENSION_METADATA_PATH, parseRevocationList, revocationListUri } from '@touchstone/token';
import { createAuthorityCopies } from './authority-copies';
import { AUTHORITY_FRESH_MS, type AuthorityDocuments } from './authority-keys';
import { VaultError } from './vault-error';

/** A list is used this long: also the time for which a revoked token may still be believed. */
export const REVOCATIONS_FRESH_MS = 10_000;

export interface AuthorityRevocations {
  /**
   * What the authority took back; undefined when it says that it has no list. VAULT_AUTHORITY_UNREACHABLE when it has
   * one that cannot be had, or does not say.
   */
  revoked(authority: string, at: Date): Promise<ReadonlySet<string> | undefined>;
}

export function createAuthorityRevocations(documents: AuthorityDocuments): AuthorityRevocations {
  const addresses = createAuthorityCopies((authority) =>
    asked(authority, async () =>
      revocationListUri(
        await documents.findJson(`${authority}${EXTENSION_METADATA_PATH}`),
        authority,
      ),
    ),
  );
  const lists = createAuthorityCopies((authority, at) =>
    asked(authority, async () => {
      const address = await addresses.get(authority, at, (_uri, age) => age < AUTHORITY_FRESH_MS);
      if (address === undefined) return undefined;
      return parseRevocationList(await documents.fetchJson(address));
    }),
  );
  return {
    revoked: (authority, at) =>
      lists.get(authority, at, (_list, age) => age < REVOCATIONS_FRESH_MS),
  };
}

async function asked<Answer>(field: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof VaultError) throw cause;
    throw new VaultError(
      'VAULT_AUTHORITY_UNREACHABLE',
      'the attestation service does not say which tokens it revoked',
      { field, cause },
    );
  }
}

import type { EntraClient } from '@touchstone/entra-client';
import type { HttpClient } from '@touchstone/http-client';
import { isKeyWrapAlgorithm } from '@touchstone/key-wrap';
import type { KeyReleaser } from '@touchstone/service-enclave-host';
import { createVaultClient, VaultClientError } from '@touchstone/vault-client';
import { VaultError } from './vault-error';

const SCOPE = 'https://vault.azure.net/.default';
const FIRST_SERVER_ERROR = 500;

/** Key vaults, called with this host's own token: who may ask is one question, who may have the key is another. */
export const createKeyReleaser = (http: HttpClient, entra: EntraClient): KeyReleaser => ({
  release: async (keyId, { target, nonce, enc }) => {
    const { vaultUrl, name, version } = partsOf(keyId);
    const token = await entra.token(SCOPE);
    const vault = createVaultClient({ vaultUrl, http, token: async () => token });
    try {
      const { jws, requestId = '' } = await vault.releaseKey(name, target, {
        nonce,
        ...(version !== undefined && { version }),
        ...(isKeyWrapAlgorithm(enc) && { enc }),
      });
      return { value: jws, requestId };
    } catch (error) {
      throw vaultError(error);
    }
  },
});

/** `<vault>/keys/<name>[/<version>]`, whose form was checked when it was allowed. */
function partsOf(keyId: string): { vaultUrl: string; name: string; version?: string } {
  const at = keyId.lastIndexOf('/keys/');
  const [name = '', version] = keyId.slice(at + '/keys/'.length).split('/');
  return { vaultUrl: keyId.slice(0, at), name, ...(version !== undefined && { version }) };
}

function vaultError(cause: unknown): VaultError {
  const refusal = cause instanceof VaultClientError ? cause.refusal : undefined;
  if (refusal === undefined || refusal.status >= FIRST_SERVER_ERROR) {
    return new VaultError('VAULT_UNAVAILABLE', 'the key vault gave no usable answer', { cause });
  }
  const { status, code, message, requestId = '' } = refusal;
  return new VaultError('VAULT_REFUSED', message, {
    refusal: { by: 'key-vault', status, code, requestId },
    cause,
  });
}

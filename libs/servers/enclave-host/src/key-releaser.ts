import { toUtf8 } from '@touchstone/bytes';
import type { EntraClient } from '@touchstone/entra-client';
import type { HttpClient, HttpResponse } from '@touchstone/http-client';
import type { KeyReleaser } from '@touchstone/service-enclave-host';
import { keyVault } from '@touchstone/wire';
import { VaultError } from './vault-error';

/** Names the answer, and the decision record that the vault keeps of it. */
const REQUEST_ID_HEADER = 'x-ms-request-id';
const SCOPE = 'https://vault.azure.net/.default';
/** A release carries a certificate chain and a wrapped key. */
const MAX_ANSWER_BYTES = 512 * 1024;

/** Key vaults, called with this host's own token: who may ask is one question, who may have the key is another. */
export const createKeyReleaser = (http: HttpClient, entra: EntraClient): KeyReleaser => ({
  release: async (keyId, request) => {
    const bearer = await entra.token(SCOPE);
    const response = await post(http, keyId, bearer, JSON.stringify(request));
    const requestId = response.headers[REQUEST_ID_HEADER] ?? '';
    if (response.status !== 200) throw refused(response, requestId);
    const answer = keyVault.releaseAnswerSchema.safeParse(json(response));
    if (answer.success) return { value: answer.data.value, requestId };
    throw new VaultError('VAULT_BAD_ANSWER', 'the answer is no released key');
  },
});

async function post(
  http: HttpClient,
  keyId: string,
  bearer: string,
  body: string,
): Promise<HttpResponse> {
  try {
    return await http.request({
      method: 'POST',
      url: `${keyId}/release?${keyVault.API_VERSION_PARAMETER}=${keyVault.LATEST_API_VERSION}`,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body,
      maxBodyBytes: MAX_ANSWER_BYTES,
    });
  } catch (cause) {
    throw new VaultError('VAULT_UNAVAILABLE', 'the key vault cannot be reached', { cause });
  }
}

function refused(response: HttpResponse, requestId: string): VaultError {
  const { status } = response;
  const said = keyVault.errorAnswerSchema.safeParse(json(response)).data?.error;
  const message = said?.message ?? `the key vault answered ${status}`;
  if (status < 400 || status >= 500) return new VaultError('VAULT_UNAVAILABLE', message);
  const refusal = { by: 'key-vault', status, code: said?.code ?? '', requestId } as const;
  return new VaultError('VAULT_REFUSED', message, { refusal });
}

function json({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(toUtf8(body));
  } catch {
    return undefined;
  }
}

import { toUtf8 } from '@touchstone/bytes';
import { parseJson } from '@touchstone/claims';
import type { HttpClient, HttpResponse } from '@touchstone/http-client';
import type { AuthorityDocuments } from '@touchstone/service-key-vault';

/** Of metadata or a key set; a key's certificate carries the quote of the enclave it was born in. */
export const MAX_AUTHORITY_DOCUMENT_BYTES = 512 * 1024;
export const AUTHORITY_TIMEOUT_MS = 5_000;

/** Documents of attestation services; the client's origin map says at which address a service is reached. */
export function httpAuthorityDocuments(http: HttpClient): AuthorityDocuments {
  const ask = (url: string): Promise<HttpResponse> =>
    http.request({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      timeoutMs: AUTHORITY_TIMEOUT_MS,
      maxBodyBytes: MAX_AUTHORITY_DOCUMENT_BYTES,
    });
  return {
    fetchJson: async (url) => jsonOf(await ask(url)),
    findJson: async (url) => {
      const response = await ask(url);
      return isRefusal(response) ? undefined : jsonOf(response);
    },
  };
}

/** Statuses by which a service asks for patience: they say nothing of what there is. */
const LATER: readonly number[] = [408, 425, 429];

/** The caller is told that there is nothing for it; a service that fails itself says nothing. */
const isRefusal = ({ status }: HttpResponse): boolean =>
  status >= 400 && status < 500 && !LATER.includes(status);

function jsonOf({ status, body }: HttpResponse): unknown {
  if (status !== 200) throw new TypeError(`the attestation service answered ${status}`);
  return parseJson(toUtf8(body));
}

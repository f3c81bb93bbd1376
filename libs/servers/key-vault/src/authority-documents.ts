import { toUtf8 } from '@touchstone/bytes';
import { parseJson } from '@touchstone/claims';
import type { HttpClient } from '@touchstone/http-client';
import type { AuthorityDocuments } from '@touchstone/service-key-vault';

/** Of metadata or a key set; a key's certificate carries the quote of the enclave it was born in. */
export const MAX_AUTHORITY_DOCUMENT_BYTES = 512 * 1024;
export const AUTHORITY_TIMEOUT_MS = 5_000;

/** Documents of attestation services; the client's origin map says at which address a service is reached. */
export function httpAuthorityDocuments(http: HttpClient): AuthorityDocuments {
  return {
    fetchJson: async (url) => {
      const { status, body } = await http.request({
        method: 'GET',
        url,
        headers: { accept: 'application/json' },
        timeoutMs: AUTHORITY_TIMEOUT_MS,
        maxBodyBytes: MAX_AUTHORITY_DOCUMENT_BYTES,
      });
      if (status !== 200) throw new TypeError(`the attestation service answered ${status}`);
      return parseJson(toUtf8(body));
    },
  };
}

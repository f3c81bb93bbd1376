import { fromUtf8 } from '@touchstone/bytes';
import type { HttpClient, HttpRequest } from '@touchstone/http-client';
import {
  AUTHORITY_TIMEOUT_MS,
  MAX_AUTHORITY_DOCUMENT_BYTES,
  httpAuthorityDocuments,
} from './authority-documents';

function aClient(status: number, body: Uint8Array) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request: async (request) => {
      asked.push(request);
      return { status, headers: {}, body };
    },
    close: async () => undefined,
  };
  return { asked, documents: httpAuthorityDocuments(http) };
}

describe('httpAuthorityDocuments', () => {
  it('asks within limits', async () => {
    const { asked, documents } = aClient(200, fromUtf8('{"a":1}'));
    expect(await documents.fetchJson('https://a.test/x')).toEqual({ a: 1 });
    expect(asked).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: 'https://a.test/x',
        timeoutMs: AUTHORITY_TIMEOUT_MS,
        maxBodyBytes: MAX_AUTHORITY_DOCUMENT_BYTES,
      }),
    ]);
  });

  it.each([
    ['a redirect', 302, '{}'],
    ['a failure', 500, '{}'],
    ['text', 200, 'hello'],
    ['a member that stands twice', 200, '{"jwks_uri":"a","jwks_uri":"b"}'],
  ])('takes no document from %s', async (_title, status, body) => {
    await expect(
      aClient(status, fromUtf8(body)).documents.fetchJson('https://a.test/x'),
    ).rejects.toThrow();
  });
});

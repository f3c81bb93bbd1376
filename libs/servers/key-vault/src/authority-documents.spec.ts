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

  it.each([404, 401, 400])('finds nothing behind a %i', async (status) => {
    const { documents } = aClient(status, fromUtf8('{}'));
    expect(await documents.findJson('https://a.test/x')).toBeUndefined();
  });

  it('finds what is there', async () => {
    const { documents } = aClient(200, fromUtf8('{"a":1}'));
    expect(await documents.findJson('https://a.test/x')).toEqual({ a: 1 });
  });

  it.each([302, 408, 429, 500, 503])('cannot say what is behind a %i', async (status) => {
    const { documents } = aClient(status, fromUtf8('{}'));
    await expect(documents.findJson('https://a.test/x')).rejects.toThrow();
  });
});

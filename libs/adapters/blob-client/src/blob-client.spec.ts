import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBlobOwner, createBlobReader } from '.';

const bytes = Buffer.from('what is in the blob');
const account = { account: 'devaccount', accountKey: Buffer.alloc(32, 7).toString('base64') };
const signal = new AbortController().signal;
const reader = createBlobReader({ maxBytes: 1024 });

let server: Server;
let url: string;
let asked: string[];

/** A storage account that answers like this. */
async function answering(listener: RequestListener): Promise<void> {
  asked = [];
  server = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url?.replace(/[?&]timeout=\d+$/, '')}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/devaccount`;
}

afterEach(() => server.close());

const refusing =
  (status: number, code: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'x-ms-error-code': code, 'x-ms-request-id': 'r1' }).end();
  };

describe('createBlobReader', () => {
  it('reads the whole blob', async () => {
    await answering((request, response) => {
      response.writeHead(200, { 'content-length': bytes.length, etag: '"1"' });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    });
    expect(await reader.download(`${url}/shared/data?sig=s`, signal)).toEqual(
      Uint8Array.from(bytes),
    );
  });

  it('reads an empty blob', async () => {
    await answering((_request, response) => response.writeHead(200, { 'content-length': 0 }).end());
    expect(await reader.download(`${url}/shared/data`, signal)).toHaveLength(0);
  });

  it('does not fetch a blob that is too large', async () => {
    await answering((_request, response) => {
      response.writeHead(200, { 'content-length': 2048 }).end();
    });
    await expect(reader.download(`${url}/shared/data`, signal)).rejects.toMatchObject({
      code: 'BLOB_TOO_LARGE',
    });
    expect(asked).toEqual(['HEAD /devaccount/shared/data']);
  });

  it('tells how it was refused, and not by which signature', async () => {
    await answering(refusing(403, 'AuthenticationFailed'));
    const failure: unknown = await reader
      .download(`${url}/shared/data?sig=a-secret`, signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'STORAGE_REFUSED',
      refusal: { status: 403, code: 'AuthenticationFailed', requestId: 'r1' },
    });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain('a-secret');
    expect((failure as Error).cause).toBeUndefined();
  });
});

describe('createBlobOwner', () => {
  it('makes the container and the blob', async () => {
    await answering((_request, response) => response.writeHead(201).end());
    const owner = await createBlobOwner({ accountUrl: url, ...account });
    expect(await owner.upload('shared', 'data', bytes)).toBe(`${url}/shared/data`);
    expect(asked).toEqual([
      'PUT /devaccount/shared?restype=container',
      'PUT /devaccount/shared/data',
    ]);
  });

  it('gives an address that may only be read, for a while', async () => {
    await answering(refusing(500, 'InternalError'));
    const owner = await createBlobOwner({ accountUrl: url, ...account });
    const readable = new URL(await owner.readableUrl('shared', 'data', new Date('2030-01-01')));
    expect(readable.searchParams.get('sp')).toBe('r');
    expect(readable.searchParams.get('se')).toBe('2030-01-01T00:00:00Z');
    expect(readable.searchParams.get('sig')).toMatch(/=$/);
  });

  it('tells how it was refused', async () => {
    await answering(refusing(403, 'AuthorizationFailure'));
    const owner = await createBlobOwner({ accountUrl: url, ...account });
    await expect(owner.upload('shared', 'data', bytes)).rejects.toMatchObject({
      code: 'STORAGE_REFUSED',
      refusal: { status: 403, code: 'AuthorizationFailure' },
    });
  });
});

import type http from 'node:http';
import https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { withTrace } from '@touchstone/runtime';
import { openLocalCa, type LocalCa } from '@touchstone/tls';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client';

let home: string;
let ca: LocalCa;
let server: https.Server;
let origin: string;
let sockets = 0;
const clients: HttpClient[] = [];

const client = (options: HttpClientOptions = {}): HttpClient => {
  const made = createHttpClient({ ca: ca.pem, ...options });
  clients.push(made);
  return made;
};

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.url === '/slow') return;
  if (request.url === '/drip') {
    response.write('a');
    return;
  }
  if (request.url === '/cut') {
    response.writeHead(200, { 'content-length': '10' }).write('a');
    setImmediate(() => response.destroy());
    return;
  }
  if (request.url === '/large') {
    response.end(Buffer.alloc(10_000));
    return;
  }
  if (request.url === '/moved') {
    response.writeHead(302, { location: '/echo' }).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        host: request.headers.host,
        traceparent: request.headers.traceparent,
        body: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
}

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'touchstone-client-'));
  ca = await openLocalCa(home);
  const tls = await ca.certificateFor({ service: 'echo', dnsNames: ['echo.example'] });
  server = https.createServer({ key: tls.key, cert: tls.cert }, answer);
  server.on('secureConnection', () => (sockets += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await Promise.all(clients.map((made) => made.close()));
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

const parse = (body: Uint8Array): unknown => JSON.parse(toUtf8(body));

describe('request', () => {
  it('sends method, path, query and body, and reads status, headers and body', async () => {
    const { status, headers, body } = await client().request({
      method: 'POST',
      url: `${origin}/echo?a=1`,
      body: fromUtf8('hello'),
    });
    expect(status).toBe(200);
    expect(headers['set-cookie']).toBe('a=1, b=2');
    expect(parse(body)).toMatchObject({ method: 'POST', url: '/echo?a=1', body: 'hello' });
  });

  it('keeps its connections', async () => {
    const made = client();
    const before = sockets;
    for (let i = 0; i < 10; i++) await made.request({ method: 'GET', url: `${origin}/echo` });
    // The pool may open a second one while the first is being given back.
    expect(sockets - before).toBeLessThanOrEqual(2);
  });

  it('passes the trace on', async () => {
    const trace = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    };
    const { body } = await withTrace(trace, () =>
      client().request({ method: 'GET', url: `${origin}/echo` }),
    );
    expect(parse(body)).toMatchObject({ traceparent: `00-${trace.traceId}-${trace.spanId}-01` });
  });

  it('does not follow redirects', async () => {
    const { status } = await client().request({ method: 'GET', url: `${origin}/moved` });
    expect(status).toBe(302);
  });
});

describe('originMap', () => {
  it('dials the other address and keeps the name for Host and certificate', async () => {
    const made = client({ originMap: { 'https://echo.example': origin } });
    const { body } = await made.request({ method: 'GET', url: 'https://echo.example/echo' });
    expect(parse(body)).toMatchObject({ host: 'echo.example' });
  });

  it('still checks the certificate against the name', async () => {
    const made = client({ originMap: { 'https://other.example': origin } });
    const refusal = made.request({ method: 'GET', url: 'https://other.example/echo' });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
  });
});

describe('failures', () => {
  it('does not trust an unknown authority', async () => {
    const made = createHttpClient();
    clients.push(made);
    const refusal = made.request({ method: 'GET', url: `${origin}/echo` });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE', field: origin });
  });

  it.each(['/slow', '/drip'])('gives up on %s', async (url) => {
    const refusal = client({ timeoutMs: 100 }).request({ method: 'GET', url: `${origin}${url}` });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
  });

  it('takes no more than the largest body', async () => {
    const made = client({ maxBodyBytes: 9_999 });
    const refusal = made.request({ method: 'GET', url: `${origin}/large` });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_BODY_TOO_LARGE' });
    const { body } = await made.request({
      method: 'GET',
      url: `${origin}/large`,
      maxBodyBytes: 10_000,
    });
    expect(body).toHaveLength(10_000);
  });

  it('does not take half an answer for a whole one', async () => {
    const refusal = client().request({ method: 'GET', url: `${origin}/cut` });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
  });

  it('says when nobody listens', async () => {
    const refusal = client({ retries: 1 }).request({ method: 'GET', url: 'https://127.0.0.1:1/' });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' });
  });

  it.each(['ftp://host/', 'not a url', 'https://user:pass@host/'])('refuses %s', async (url) => {
    const refusal = client().request({ method: 'GET', url });
    await expect(refusal).rejects.toMatchObject({ code: 'HTTP_URL_REFUSED' });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { silentLogger } from '@touchstone/runtime';
import { openLocalCa, type LocalCa } from '@touchstone/tls';
import { listen } from './listen';

const base = { host: '127.0.0.1', port: 0, logger: silentLogger };
let home: string;
let ca: LocalCa;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'touchstone-listen-'));
  ca = await openLocalCa(home);
});
afterAll(() => rm(home, { recursive: true, force: true }));

const get = (url: string, agent: http.Agent): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.startsWith('https') ? https : http).get(url, { agent }, resolve);
    request.on('error', reject);
  });

describe('listen', () => {
  it('serves over TLS under a name that its certificate carries', async () => {
    const identity = await ca.certificateFor({ service: 'test' });
    const { url, close } = await listen({
      ...base,
      tls: identity,
      app: (_request, response) => response.end('ok'),
    });
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const agent = new https.Agent({ ca: ca.pem, keepAlive: true });
    const answer = await get(url, agent);
    expect(answer.statusCode).toBe(200);
    answer.resume();
    await close();
    agent.destroy();
  });

  it('speaks no TLS below 1.2', async () => {
    const identity = await ca.certificateFor({ service: 'test' });
    const { port, close } = await listen({
      ...base,
      tls: identity,
      app: (_request, response) => response.end(),
    });
    const failure = new Promise((resolve) => {
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        ca: ca.pem,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
      });
      socket.on('error', (error) => resolve(error));
      socket.on('secureConnect', () => resolve('connected'));
    });
    expect(await failure).not.toBe('connected');
    await close();
  });

  it('says when the address is taken', async () => {
    const app = (): void => undefined;
    const { port, close } = await listen({ ...base, app });
    await expect(listen({ ...base, port, app })).rejects.toMatchObject({
      code: 'HTTP_LISTEN_FAILED',
    });
    await close();
  });
});

describe('close', () => {
  it('lets a running request end, and does not wait for its connection to fall idle', async () => {
    const { url, close } = await listen({
      ...base,
      app: (_request, response) => void setTimeout(() => response.end('done'), 100),
    });
    const agent = new http.Agent({ keepAlive: true });
    const answer = get(url, agent);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const started = performance.now();
    const closed = close();
    expect((await answer).statusCode).toBe(200);
    (await answer).resume();
    await closed;
    expect(performance.now() - started).toBeLessThan(2_000);
    agent.destroy();
  });

  it('cuts what does not end', async () => {
    const { url, close } = await listen({ ...base, drainMs: 50, app: () => undefined });
    const answer = get(url, new http.Agent());
    const cut = expect(answer).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await close();
    await cut;
  });

  it('may be called twice', async () => {
    const { close } = await listen({ ...base, app: () => undefined });
    await close();
    await expect(close()).resolves.toBeUndefined();
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromUtf8 } from '@touchstone/bytes';
import type { HttpClient, HttpRequest } from '@touchstone/http-client';
import { createManufacturer } from './manufacturer';

const shipped = {
  manifest: JSON.stringify({
    name: 'qe',
    productId: 1,
    svn: 1,
    debug: false,
    heapPages: 1,
    threads: 1,
  }),
  code: 'AQID',
  sigstruct: 'BAUG',
};
const answer = {
  model: 'simulated-e3',
  rootProvisioningKey: '00'.repeat(16),
  cpuSvn: '01'.repeat(16),
  vendorMrSigner: '02'.repeat(32),
  enclaves: { qe: shipped, pce: shipped },
};

function factory(status: number, body: unknown): { http: HttpClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    request: async (request) => {
      asked.push(request);
      return { status, headers: {}, body: fromUtf8(JSON.stringify(body)) };
    },
    close: async () => undefined,
  };
  return { http, asked };
}

const url = 'https://pcs.test';
const home = '/nowhere';

describe('the factory', () => {
  it('makes a processor of the model, for whoever has its token', async () => {
    const { http, asked } = factory(201, answer);
    const made = await createManufacturer({ url, token: 't', home, http }).make('simulated-e3');
    expect(made).toMatchObject({ model: 'simulated-e3', cpuSvn: new Uint8Array(16).fill(1) });
    expect(made.architectural.qe.code).toEqual(Uint8Array.of(1, 2, 3));
    expect(asked[0]).toMatchObject({
      url: 'https://pcs.test/manufacturing/processors',
      headers: { authorization: 'Bearer t' },
      body: '{"model":"simulated-e3"}',
    });
  });

  it('makes one of the oldest TCB when it is asked to', async () => {
    const tcbs = [15, 14, 13].map((pceSvn) => ({ cpuSvn: '00'.repeat(16), pceSvn }));
    const asked: HttpRequest[] = [];
    const http: HttpClient = {
      request: async (request) => {
        asked.push(request);
        const models = [
          { model: 'another', tcbs: [] },
          { model: 'simulated-e3', tcbs },
        ];
        const [status, body] = request.method === 'GET' ? [200, models] : [201, answer];
        return { status, headers: {}, body: fromUtf8(JSON.stringify(body)) };
      },
      close: async () => undefined,
    };
    const order = { url, token: 't', home, http, tcb: 'oldest' } as const;
    await createManufacturer(order).make('simulated-e3');
    expect(asked.map(({ body }) => body)).toEqual([
      undefined,
      JSON.stringify({ model: 'simulated-e3', tcb: tcbs[2] }),
    ]);
    await expect(createManufacturer(order).make('another')).rejects.toMatchObject({
      code: 'MANUFACTURING_FAILED',
    });
  });

  it('shares its token with a machine of the same state folder', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'manufacturer-'));
    await writeFile(path.join(folder, 'manufacturing-token'), 'shared\n');
    const { http, asked } = factory(201, answer);
    await createManufacturer({ url, home: folder, http }).make('simulated-e3');
    await rm(folder, { recursive: true });
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer shared' });
  });

  it('has failed when it refuses, answers with half a processor, or its token is nowhere', async () => {
    const failed = { code: 'MANUFACTURING_FAILED' };
    const make = (http: HttpClient, token?: string) =>
      createManufacturer({ url, home, http, ...(token !== undefined && { token }) }).make('m');
    await expect(make(factory(401, {}).http, 't')).rejects.toMatchObject(failed);
    const half = { ...answer, enclaves: { qe: shipped } };
    await expect(make(factory(201, half).http, 't')).rejects.toMatchObject(failed);
    await expect(make(factory(201, answer).http)).rejects.toMatchObject(failed);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLocalCa } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';
import { createEnclaveHostClient } from '../client';
import { createEnclaveHostServer, type EnclaveHostHandlers } from '../server';
import { createSecretSharingClient, ENCLAVE_ID_METADATA } from './client';
import type { SecretSharingVariant } from './contract';
import type { SecretSharingHandlers, SharingRequest } from './handlers';

const nobody = (): never => {
  throw new Error('nobody is asked');
};
const machine = new Proxy({} as EnclaveHostHandlers, {
  get: (_target, name) => (name === 'listEnclaves' ? async () => ({ enclaves: [] }) : nobody),
});

let home: string;
let ca: LocalCa;
const closing: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'secret-sharing-rpc-'));
  ca = await openLocalCa(home);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => rm(home, { recursive: true }));

async function serve(
  variant: SecretSharingVariant,
  handlers: Partial<SecretSharingHandlers>,
  plaintextSecretSharing = true,
): Promise<string> {
  const whole: SecretSharingHandlers = {
    getAttestation: nobody,
    verifyAttestation: nobody,
    decryptAttachedData: nobody,
    ...handlers,
  };
  const server = createEnclaveHostServer(machine, {
    statuses: { RPC_NOT_BYTES: 'INVALID_ARGUMENT' },
    secretSharing: { variant, handlers: whole },
  });
  const tls = await ca.certificateFor({ service: 'enclave-host' });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0, tls, plaintextSecretSharing });
  closing.push(() => server.close());
  return url;
}

function connect(variant: SecretSharingVariant, url: string, enclaveId?: string) {
  const client = createSecretSharingClient({
    url,
    variant,
    ca: ca.pem,
    deadlineMilliseconds: 5_000,
    ...(enclaveId !== undefined && { enclaveId }),
  });
  closing.push(() => client.close());
  return client;
}

const plain = (url: string): string => url.replace('https://', 'http://');

describe('secretsharing.SecretSharing', () => {
  it.each(['https', 'http'])('carries evidence and key over %s', async (scheme) => {
    const seen: (SharingRequest & { enclaveId: string | undefined })[] = [];
    const url = await serve('remote', {
      getAttestation: async (request, context) => {
        seen.push({ ...request, enclaveId: context.metadata(ENCLAVE_ID_METADATA) });
        const [report, key] = [Uint8Array.of(0, 127, 128, 255), Uint8Array.of(9)];
        return { ok: true, keyKind: 1, report, key, msg: 'made' };
      },
    });
    const client = connect('remote', scheme === 'http' ? plain(url) : url, 'e1');
    expect(await client.getAttestation('SYNC_SYM', Uint8Array.of(200))).toEqual({
      ok: true,
      keyKind: 1,
      report: Uint8Array.of(0, 127, 128, 255),
      key: Uint8Array.of(9),
      msg: 'made',
    });
    expect(seen).toEqual([
      { cmd: 'SYNC_SYM', report: new Uint8Array(), key: Uint8Array.of(200), enclaveId: 'e1' },
    ]);
  });

  it('carries a token in its other variant', async () => {
    const url = await serve('azure', {
      getAttestation: async () => ({ ok: true, token: 'a.b.c', msg: 'made' }),
      decryptAttachedData: async (data) => ({ ok: data.length === 3, msg: 'read' }),
    });
    const client = connect('azure', url);
    expect(await client.getAttestation('ATTESTATION')).toEqual({
      ok: true,
      token: 'a.b.c',
      msg: 'made',
    });
    expect(await client.decryptAttachedData(new Uint8Array(3))).toEqual({ ok: true, msg: 'read' });
  });

  it('is all that there is without TLS', async () => {
    const url = await serve('remote', {});
    const secure = createEnclaveHostClient({ url, ca: ca.pem });
    closing.push(() => secure.close());
    expect(await secure.listEnclaves({})).toEqual({ enclaves: [] });
  });

  it('is not there without TLS unless that is asked for', async () => {
    const url = await serve('remote', {}, false);
    await expect(connect('remote', plain(url)).getAttestation('ATTESTATION')).rejects.toMatchObject(
      {
        code: 'RPC_UNAVAILABLE',
      },
    );
  });

  it('stays open to others when a caller goes away before its first byte', async () => {
    const url = await serve('remote', { getAttestation: async () => ({ ok: true, msg: '' }) });
    const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect(await connect('remote', plain(url)).getAttestation('ATTESTATION')).toMatchObject({
      ok: true,
    });
  });
});

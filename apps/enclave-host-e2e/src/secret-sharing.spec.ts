import { createHash, publicEncrypt, randomBytes, constants } from 'node:crypto';
import path from 'node:path';
import { credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { concat, sha256, toHex } from '@touchstone/bytes';
import { createEnclaveHostClient, type EnclaveHostClient } from '@touchstone/enclave-rpc';
import {
  decodeAttestedKey,
  decodeMessage,
  encodeConfiguration,
  encodeMessage,
} from '@touchstone/enclave-secret-sharing';
import { parsePemChain } from '@touchstone/pki';
import type { RunningEnclaveHost } from '@touchstone/server-enclave-host';
import { openWorld } from './world';
import type { World } from './world';

jest.setTimeout(60_000);

/** As the guide's clients are: made from the proto file alone, each byte a number, without TLS. */
interface Reply {
  readonly ok: boolean;
  readonly msg: string;
  readonly key_kind: number;
  readonly report: number[];
  readonly key: number[];
  readonly token: string;
}
type Method = 'GetAttestation' | 'VerifyAttestation' | 'DecryptAttachedData';
interface GuideClient {
  call(method: Method, request: object): Promise<Reply>;
  close(): void;
}

const PROTOS = path.resolve(__dirname, '../../../protos');

function guideClient(variant: string, url: string, ca?: string): GuideClient {
  const packages = loadPackageDefinition(
    loadSync(`secretsharing/${variant}.proto`, {
      includeDirs: [PROTOS],
      keepCase: true,
      defaults: true,
    }),
  );
  const { SecretSharing } = packages['secretsharing'] as unknown as {
    SecretSharing: new (address: string, channel: unknown) => Client & Record<Method, unknown>;
  };
  const channel =
    ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
  const client = new SecretSharing(url.replace('https://', ''), channel);
  const call = (method: Method, request: object): Promise<Reply> =>
    new Promise((resolve, reject) => {
      type Unary = (
        request: object,
        done: (error: ServiceError | null, reply: Reply) => void,
      ) => void;
      (client[method] as Unary).call(client, request, (error, reply) =>
        error === null ? resolve(reply) : reject(error),
      );
    });
  return { call, close: () => client.close() };
}

const ATTESTATION = 0;
const SYNC_SYM = 1;
const bytes = (numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers);
const none = new Uint8Array();

let world: World;
let root: Uint8Array;
let mrEnclave: Uint8Array;
const closing: (() => void)[] = [];
beforeAll(async () => {
  world = await openWorld();
  root = parsePemChain(world.rootPem)[0]?.publicKeyBytes ?? none;
  const { images } = await world.client.getPlatformInfo({});
  mrEnclave = images.find(({ name }) => name === 'secret-sharing')?.mrEnclave ?? none;
}, 60_000);
afterAll(async () => {
  for (const close of closing) close();
  await world.close();
});

/** Hosts have authors of their own here, so a peer is known by its MRENCLAVE. */
const configuration = (unattestedKeys = false): Uint8Array =>
  encodeConfiguration({
    root,
    acceptedTcbStatuses: ['UpToDate'],
    minimumSvn: 1,
    freshness: 'optional',
    unattestedKeys,
    peerMrEnclave: mrEnclave,
  });

const sharing = (variant: 'remote' | 'azure', plaintext: boolean): Promise<RunningEnclaveHost> =>
  world.startHost({
    home: path.join(world.home, `${variant}-${String(plaintext)}`),
    secretSharing: { variant, plaintext, configuration: configuration(variant === 'azure') },
  });

function connect(variant: string, url: string, ca?: string): GuideClient {
  const client = guideClient(variant, url, ca);
  closing.push(() => client.close());
  return client;
}

/** The enclave of the guide's client, on another machine. */
async function enclaveA(host: EnclaveHostClient) {
  const document = configuration();
  const configId = new Uint8Array(createHash('sha512').update(document).digest());
  const { id: enclaveId } = await host.loadEnclave({
    image: 'secret-sharing',
    debug: false,
    configId,
  });
  const call = async (name: string, payload: Uint8Array = none): Promise<Uint8Array> =>
    (await host.callEnclave({ enclaveId, name, payload, deadlineMilliseconds: 0 })).payload;
  await call('configure', document);
  return call;
}

describe('the guide’s client of remote enclaves, unchanged', () => {
  let host: RunningEnclaveHost;
  let client: GuideClient;
  beforeAll(async () => {
    host = await sharing('remote', true);
    client = connect('remote', host.url);
  }, 60_000);

  it('attests the host’s enclave, shares its key and has data decrypted, without TLS', async () => {
    const a = await enclaveA(world.client);
    const fromB = await client.call('GetAttestation', { cmd: ATTESTATION });
    expect(fromB).toMatchObject({
      ok: true,
      key_kind: 0,
      msg: expect.stringContaining('generated') as unknown,
    });
    expect(Buffer.from(fromB.key).toString()).toContain('BEGIN PUBLIC KEY');
    const attested = { kind: 'PEM', key: bytes(fromB.key), report: bytes(fromB.report) };
    expect(decodeMessage(await a('verify-attestation', encodeMessage(attested)))).toMatchObject({
      mrEnclave: toHex(mrEnclave),
    });

    const order = encodeMessage({ kind: 'AES', format: 'oe-report' });
    const { key, report } = decodeAttestedKey(await a('attestation', order));
    const request = { cmd: SYNC_SYM, key: [...key], report: [...report] };
    expect(await client.call('VerifyAttestation', request)).toMatchObject({ ok: true });

    const opened = decodeMessage(await a('open-file', encodeMessage({ mode: 'encrypt' })));
    const data = Uint8Array.from(randomBytes(2000));
    const block = await a('block', concat(Uint8Array.of(Number(opened['file']), 0, 0, 0, 1), data));
    const header = Buffer.from(String(opened['header']), 'base64url');
    const reply = await client.call('DecryptAttachedData', { data: [...header, ...block] });
    expect(reply.ok).toBe(true);
    expect(reply.msg).toContain(toHex(sha256(data)));
  });

  it('is told no by a status when the evidence is not for its key', async () => {
    const { report } = await client.call('GetAttestation', { cmd: ATTESTATION });
    const request = { cmd: SYNC_SYM, report, key: [1, 2, 3] };
    await expect(client.call('VerifyAttestation', request)).rejects.toMatchObject({ code: 9 });
  });

  it.each([
    ['a command that there is not', 'GetAttestation', { cmd: 7 }, 12],
    ['numbers that are no bytes', 'GetAttestation', { cmd: ATTESTATION, key: [256] }, 3],
    ['a challenge of another length', 'GetAttestation', { cmd: ATTESTATION, key: [1] }, 3],
    ['data that is not encrypted', 'DecryptAttachedData', { data: [1, 2, 3] }, 9],
  ] as const)('is refused with %s', async (_what, method, request, code) => {
    await expect(client.call(method, request)).rejects.toMatchObject({ code });
  });

  it('takes signed bytes for the bytes that they are', async () => {
    const signed = { data: Array.from({ length: 24 }, () => -1) };
    await expect(client.call('DecryptAttachedData', signed)).rejects.toMatchObject({ code: 9 });
  });

  it('reaches nothing but that service without TLS', async () => {
    const { Client: Bare } = await import('@grpc/grpc-js');
    const bare = new Bare(host.url.replace('https://', ''), credentials.createInsecure());
    closing.push(() => bare.close());
    const call = new Promise((resolve, reject) =>
      bare.makeUnaryRequest(
        '/touchstone.enclavehost.v1.EnclaveHost/ListEnclaves',
        () => Buffer.alloc(0),
        (answer) => answer,
        {},
        new Metadata(),
        {},
        (error, answer) => (error === null ? resolve(answer) : reject(error)),
      ),
    );
    await expect(call).rejects.toMatchObject({ code: 12 });
  });

  it('finds everything on the same port with TLS', async () => {
    const secure = connect('remote', host.url, world.ca.pem);
    expect(await secure.call('GetAttestation', { cmd: ATTESTATION })).toMatchObject({ ok: true });
    const machine = createEnclaveHostClient({ url: host.url, ca: world.ca.pem });
    closing.push(() => machine.close());
    expect((await machine.listEnclaves({})).enclaves.map(({ name }) => name)).toContain(
      'secret-sharing',
    );
  });

  it('is not served without TLS where that was not asked for', async () => {
    const closed = await sharing('remote', false);
    const plain = connect('remote', closed.url);
    await expect(plain.call('GetAttestation', { cmd: ATTESTATION })).rejects.toMatchObject({
      code: 14,
    });
  });
});

describe('the guide’s client of Azure Attestation, unchanged', () => {
  it('gets a token with the enclave’s key, and gives its own key by it', async () => {
    const host = await sharing('azure', true);
    const client = connect('azure', host.url);
    const { ok, token } = await client.call('GetAttestation', { cmd: ATTESTATION });
    expect(ok).toBe(true);
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, string>;
    expect(claims['x-ms-sgx-mrenclave']).toBe(toHex(mrEnclave));
    const pem = Buffer.from(claims['x-ms-sgx-ehd'] ?? '', 'base64url').toString();
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const wrapped = publicEncrypt({ key: pem, padding, oaepHash: 'sha256' }, randomBytes(32));
    expect(
      await client.call('VerifyAttestation', { cmd: SYNC_SYM, key: [...wrapped] }),
    ).toMatchObject({ ok: true });
    await expect(
      client.call('VerifyAttestation', { cmd: SYNC_SYM, key: [1, 2, 3] }),
    ).rejects.toMatchObject({ code: 9 });
  });
});

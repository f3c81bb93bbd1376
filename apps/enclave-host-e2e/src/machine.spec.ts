import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { fromUtf8, toHex, toUtf8 } from '@touchstone/bytes';
import { createImage } from '@touchstone/enclave';
import { checkHealth, SERVICE_NAME } from '@touchstone/enclave-rpc';
import { Author, openWorld, readTrainer } from './world';
import type { World } from './world';

jest.setTimeout(30_000);

const author = new Author();
let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const call = async (enclaveId: string, name = 'run', deadlineMilliseconds = 0): Promise<string> => {
  const request = { enclaveId, name, payload: fromUtf8('in'), deadlineMilliseconds };
  return toUtf8((await world.client.callEnclave(request)).payload);
};
const load = async (ecalls: string, changes = {}): Promise<string> => {
  const bundle = author.write(ecalls, changes);
  return (await world.client.loadEnclave({ bundle, debug: false })).id;
};
const endOf = async (id: string): Promise<string | undefined> =>
  (await world.client.listEnclaves({})).enclaves.find((enclave) => enclave.id === id)?.endCode;

describe('the machine', () => {
  it('is healthy, by gRPC and for its operator', async () => {
    const { host, ca, http } = world;
    expect(await checkHealth({ url: host.url, ca: ca.pem, service: SERVICE_NAME })).toBe('SERVING');
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const { status } = await http.request({ method: 'GET', url: `${host.operatorUrl}${path}` });
      expect(status).toBe(200);
    }
  });

  it('describes its service by reflection', async () => {
    const services = await reflect(world);
    expect(services).toContain(SERVICE_NAME);
  });

  it('says who it is, and what it can load', async () => {
    const info = await world.client.getPlatformInfo({});
    expect(info).toMatchObject({ model: 'simulated-e3', pckCa: 'processor', pceId: 0 });
    expect(toHex(info.fmspc)).toBe('e3a067110000');
    const { manifest, code } = await readTrainer(world.enclavesFolder);
    expect(info.images.map(({ name, mrEnclave }) => [name, toHex(mrEnclave)])).toContainEqual([
      'trainer',
      toHex(createImage(manifest, code).mrEnclave),
    ]);
  });

  it('renews its PCK certificate when it is asked to, and stays who it is', async () => {
    const info = await world.client.getPlatformInfo({});
    expect(await world.client.renewPckCertificate({})).toEqual(info);
  });

  it('is the same machine after a restart, and another one in another folder', async () => {
    const one = await world.client.getPlatformInfo({});
    const again = await world.connect((await world.startHost({})).url).getPlatformInfo({});
    const elsewhere = await world.startHost({ home: `${world.home}/elsewhere` });
    const other = await world.connect(elsewhere.url).getPlatformInfo({});
    expect(toHex(again.qeId)).toBe(toHex(one.qeId));
    expect(toHex(other.qeId)).not.toBe(toHex(one.qeId));
    expect(toHex(again.images[0]?.mrSigner ?? one.qeId)).toBe(
      toHex(one.images[0]?.mrSigner ?? one.fmspc),
    );
  });
});

describe('an enclave', () => {
  it('is loaded, called, listed and ended', async () => {
    const id = await load(`run: async (p) => Buffer.concat([p, Buffer.from('+out')])`);
    expect(await call(id)).toBe('in+out');
    const { enclave } = await world.client.terminateEnclave({ enclaveId: id });
    expect(enclave).toMatchObject({
      state: 'ENCLAVE_STATE_ENDED',
      endCode: 'ENCLAVE_TERMINATED',
      productId: 9,
      svn: 2,
      debug: false,
    });
    await expect(call(id)).rejects.toMatchObject({ code: 'ENCLAVE_TERMINATED' });
  });

  it('ends alone when it loops', async () => {
    const [looping, other] = [
      await load('run() { while (true); }'),
      await load('run: async (p) => p'),
    ];
    await expect(call(looping, 'run', 300)).rejects.toMatchObject({
      code: 'ENCLAVE_DEADLINE_EXCEEDED',
      status: 'DEADLINE_EXCEEDED',
    });
    expect(await endOf(looping)).toBe('ENCLAVE_DEADLINE_EXCEEDED');
    expect(await call(other)).toBe('in');
  });

  it('ends alone when it crashes or fills its heap', async () => {
    const crashing = await load(
      `run() { queueMicrotask(() => { throw new Error('out'); }); return new Promise(() => {}); }`,
    );
    await expect(call(crashing)).rejects.toMatchObject({
      code: 'ENCLAVE_CRASHED',
      status: 'ABORTED',
    });
    const greedy = await load(
      'run() { const all = []; for (;;) all.push(new Array(9999).fill(all.length)); }',
    );
    await expect(call(greedy)).rejects.toMatchObject({
      code: 'ENCLAVE_OUT_OF_MEMORY',
      status: 'ABORTED',
    });
  });

  it('goes on after an error of its own, which keeps its code', async () => {
    const id = await load(
      `bad: async () => { throw Object.assign(new Error('no'), { code: 'OWN' }); }, run: async (p) => p`,
    );
    await expect(call(id, 'bad')).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_FAILED',
      enclaveCode: 'OWN',
    });
    expect(await call(id)).toBe('in');
  });

  it('gets its own sealing key: the same in another run, another for another enclave', async () => {
    // KEYREQUEST: KEYNAME 4 (seal), KEYPOLICY 1 (MRENCLAVE).
    const ecalls = `run: async (p, enclave) => {
      const request = Buffer.alloc(512); request.writeUInt16LE(4, 0); request.writeUInt16LE(1, 2);
      const key = await enclave.getKey(request);
      return Buffer.from(require('crypto').createHash('sha256').update(key).digest('hex'));
    }`;
    const [first, second] = [await load(ecalls), await load(ecalls)];
    const other = await load(`${ecalls}, more: async (p) => p`);
    expect(await call(first)).toBe(await call(second));
    expect(await call(other)).not.toBe(await call(first));
  });

  it('is refused a provisioning key, which only the vendor’s enclaves have', async () => {
    const id = await load(`run: (p, enclave) => {
      const request = Buffer.alloc(512); request.writeUInt16LE(1, 0); return enclave.getKey(request);
    }`);
    await expect(call(id)).rejects.toMatchObject({ enclaveCode: 'SGX_INVALID_ATTRIBUTE' });
    const privileged = author.write('run: async (p) => p', { attributes: ['PROVISION_KEY'] });
    await expect(
      world.client.loadEnclave({ bundle: privileged, debug: false }),
    ).rejects.toMatchObject({
      code: 'SGX_INVALID_ATTRIBUTE',
      status: 'PERMISSION_DENIED',
    });
  });
});

/** Names of the services that the standard reflection service tells of. */
function reflect({ host, ca }: World): Promise<string[]> {
  const client = new Client(
    host.url.replace('https://', ''),
    credentials.createSsl(Buffer.from(ca.pem)),
  );
  // ServerReflectionRequest.list_services = 7; field 6 of the response holds field 1, each with the name as field 1.
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    (bytes) => bytes,
    (bytes) => bytes,
    new Metadata(),
  );
  return new Promise<string[]>((resolve, reject) => {
    stream.on('data', (bytes: Buffer) => {
      resolve(bytes.toString('latin1').match(/[a-z]+(?:\.[A-Za-z0-9]+)+/g) ?? []);
      stream.end();
    });
    stream.on('error', reject);
    stream.write(Buffer.from([(7 << 3) | 2, 0]));
  }).finally(() => client.close());
}

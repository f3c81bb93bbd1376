import { fromUtf8 } from '@touchstone/bytes';
import type { LoadEnclaveRequest, RunTrainerRequest } from '@touchstone/enclave-rpc';
import { Author, collect, openWorld, readTrainer } from './world';
import type { World } from './world';

jest.setTimeout(30_000);

const author = new Author();
const good = author.write('run: async (p) => p');
const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 1);

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

describe('LoadEnclave', () => {
  it.each<[string, string, string, LoadEnclaveRequest]>([
    ['nothing', 'INVALID_ARGUMENT', 'HOST_REQUEST_INVALID', { debug: false }],
    ['an unknown image', 'NOT_FOUND', 'HOST_IMAGE_UNKNOWN', { image: 'other', debug: false }],
    [
      'no code',
      'INVALID_ARGUMENT',
      'ENCLAVE_IMAGE_MALFORMED',
      { bundle: { ...good, code: new Uint8Array() }, debug: false },
    ],
    [
      'a manifest that is no JSON',
      'INVALID_ARGUMENT',
      'ENCLAVE_MANIFEST_INVALID',
      { bundle: { ...good, manifest: fromUtf8('{') }, debug: false },
    ],
    [
      'a manifest that is no text',
      'INVALID_ARGUMENT',
      'HOST_REQUEST_INVALID',
      { bundle: { ...good, manifest: Uint8Array.of(0xff) }, debug: false },
    ],
    [
      'a short SIGSTRUCT',
      'INVALID_ARGUMENT',
      'HOST_REQUEST_INVALID',
      { bundle: { ...good, sigstruct: new Uint8Array(1807) }, debug: false },
    ],
    [
      'a SIGSTRUCT of zeros',
      'INVALID_ARGUMENT',
      'SGX_INVALID_SIG_STRUCT',
      { bundle: { ...good, sigstruct: new Uint8Array(1808) }, debug: false },
    ],
    [
      'a SIGSTRUCT with a flipped bit in what is signed',
      'PERMISSION_DENIED',
      'SGX_INVALID_SIGNATURE',
      { bundle: { ...good, sigstruct: flipped(good.sigstruct, 1024) }, debug: false },
    ],
    [
      'other code than was signed',
      'PERMISSION_DENIED',
      'SGX_INVALID_MEASUREMENT',
      { bundle: { ...good, code: flipped(good.code, 5) }, debug: false },
    ],
    [
      'debugging that the author did not allow',
      'PERMISSION_DENIED',
      'SGX_INVALID_ATTRIBUTE',
      { bundle: good, debug: true },
    ],
    [
      'code that yields no enclave',
      'FAILED_PRECONDITION',
      'ENCLAVE_START_FAILED',
      { bundle: author.write('run: 1'), debug: false },
    ],
  ])('refuses %s with %s', async (_what, status, code, request) => {
    const before = (await world.client.listEnclaves({})).enclaves.length;
    await expect(world.client.loadEnclave(request)).rejects.toMatchObject({ code, status });
    expect((await world.client.listEnclaves({})).enclaves).toHaveLength(before);
  });

  it('refuses an image that is larger than a message may be', async () => {
    const bundle = { ...good, code: new Uint8Array(9 * 1024 * 1024) };
    await expect(world.client.loadEnclave({ bundle, debug: false })).rejects.toMatchObject({
      code: 'RPC_RESOURCE_EXHAUSTED',
    });
  });
});

describe('calls about an enclave', () => {
  const missing = { code: 'HOST_ENCLAVE_UNKNOWN', status: 'NOT_FOUND', field: 'enclave_id' };
  const enclaveId = '0'.repeat(16);

  it('are refused for one that is not there', async () => {
    const payload = new Uint8Array();
    const { client } = world;
    await expect(client.terminateEnclave({ enclaveId })).rejects.toMatchObject(missing);
    await expect(client.getEvidence({ enclaveId, nonce: payload })).rejects.toMatchObject(missing);
    await expect(
      client.callEnclave({ enclaveId, name: 'run', payload, deadlineMilliseconds: 0 }),
    ).rejects.toMatchObject(missing);
  });

  it('are refused beyond their limits', async () => {
    const { id } = await world.client.loadEnclave({ bundle: good, debug: false });
    await expect(
      world.client.getEvidence({ enclaveId: id, nonce: new Uint8Array(65) }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field: 'nonce' });
    const call = { enclaveId: id, payload: new Uint8Array(), deadlineMilliseconds: 0 };
    await expect(world.client.callEnclave({ ...call, name: 'n'.repeat(65) })).rejects.toMatchObject(
      {
        status: 'INVALID_ARGUMENT',
      },
    );
    await expect(world.client.callEnclave({ ...call, name: 'other' })).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_UNKNOWN',
      status: 'NOT_FOUND',
    });
  });
});

describe('Attest', () => {
  const request = { runtimeDataType: 'RUNTIME_DATA_TYPE_JSON', attestationUrl: '' } as const;

  it('refuses what is no request', async () => {
    const runtimeData = new Uint8Array();
    await expect(
      world.client.attest({ ...request, quote: new Uint8Array() }),
    ).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      field: 'quote',
    });
    const untyped = { ...request, runtimeDataType: 'RUNTIME_DATA_TYPE_UNSPECIFIED' } as const;
    await expect(
      world.client.attest({ ...untyped, quote: Uint8Array.of(3), runtimeData }),
    ).rejects.toMatchObject({ status: 'INVALID_ARGUMENT', field: 'runtime_data_type' });
  });

  it('tells how the attestation service refuses a quote that is none', async () => {
    await expect(
      world.client.attest({ ...request, quote: Uint8Array.of(3, 0, 2) }),
    ).rejects.toMatchObject({ code: 'MAA_REFUSED', refusal: { by: 'attestation', status: 400 } });
  });
});

describe('RunTrainer', () => {
  const start = (changes = {}): RunTrainerRequest => ({
    start: {
      enclaveId: '',
      attestationUrl: '',
      keyId: `${world.vaultUrl}/keys/k`,
      datasetBytes: 4,
      ...changes,
    },
  });
  const chunk = (length: number): RunTrainerRequest => ({ chunk: new Uint8Array(length) });
  const refusal = (requests: RunTrainerRequest[]): Promise<unknown> =>
    collect(world.client.runTrainer(requests)).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('refuses streams that are no run', async () => {
    const { id: enclaveId } = await world.client.loadEnclave({ image: 'trainer', debug: false });
    expect(await refusal([])).toMatchObject({ code: 'HOST_REQUEST_INVALID', field: 'start' });
    expect(await refusal([chunk(4)])).toMatchObject({
      code: 'HOST_REQUEST_INVALID',
      field: 'start',
    });
    expect(await refusal([start()])).toMatchObject({ code: 'HOST_ENCLAVE_UNKNOWN' });
    const own = start({ enclaveId });
    expect(await refusal([own, own])).toMatchObject({
      code: 'HOST_REQUEST_INVALID',
      field: 'chunk',
    });
    expect(await refusal([own, chunk(3)])).toMatchObject({ code: 'HOST_DATASET_INVALID' });
    expect(await refusal([own, chunk(5)])).toMatchObject({ code: 'HOST_DATASET_INVALID' });
    for (const datasetBytes of [0, 2 ** 40]) {
      expect(await refusal([start({ enclaveId, datasetBytes })])).toMatchObject({
        code: 'HOST_DATASET_INVALID',
        status: 'INVALID_ARGUMENT',
      });
    }
  });

  it('refuses an enclave that is no trainer', async () => {
    const { id: enclaveId } = await world.client.loadEnclave({
      bundle: author.write('other: async (p) => p'),
      debug: false,
    });
    expect(await refusal([start({ enclaveId }), chunk(4)])).toMatchObject({
      code: 'ENCLAVE_ECALL_UNKNOWN',
    });
  });

  it('refuses what a false trainer sends', async () => {
    const { id: enclaveId } = await world.client.loadEnclave({ bundle: good, debug: false });
    expect(await refusal([start({ enclaveId }), chunk(4)])).toMatchObject({
      code: 'HOST_ENCLAVE_ANSWER',
    });
  });
});

describe('a machine that is full', () => {
  it('takes no further enclave until one has ended', async () => {
    const { code, manifest } = await readTrainer(world.enclavesFolder);
    const small = author.sign(code, { ...manifest, heapPages: 1024 });
    const { enclaves } = await world.client.listEnclaves({});
    const running = enclaves.filter(({ state }) => state === 'ENCLAVE_STATE_RUNNING').length;
    for (let i = running; i < 16; i++)
      await world.client.loadEnclave({ bundle: good, debug: false });
    await expect(world.client.loadEnclave({ bundle: small, debug: false })).rejects.toMatchObject({
      code: 'HOST_ENCLAVES_FULL',
      status: 'RESOURCE_EXHAUSTED',
    });
    const [first] = (await world.client.listEnclaves({})).enclaves;
    await world.client.terminateEnclave({ enclaveId: first?.id ?? '' });
    await world.client.loadEnclave({ bundle: good, debug: false });
  });
});

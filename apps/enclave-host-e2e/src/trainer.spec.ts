import { generateKeyPairSync } from 'node:crypto';
import { fromBase64Url, fromUtf8, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import type { RunTrainerEvent, RunTrainerRequest } from '@touchstone/enclave-rpc';
import { classify, decryptModel } from '@touchstone/image-classifier';
import { parseQuote } from '@touchstone/quote';
import { createPccsClient } from '@touchstone/pcs-client';
import { parsePemChain } from '@touchstone/pki';
import { verifyBinding, verifyQuote } from '@touchstone/verification';
import { ownData } from './owner';
import type { OwnedData } from './owner';
import { Author, collect, openWorld, readTrainer } from './world';
import type { World } from './world';

jest.setTimeout(30_000);

const CHUNK_BYTES = 8 * 1024;

let world: World;
let owned: OwnedData;
beforeAll(async () => {
  world = await openWorld();
  const { images } = await world.client.getPlatformInfo({});
  const trainer = images.find(({ name }) => name === 'trainer');
  owned = await ownData(world, 'quarters', trainer?.mrEnclave ?? new Uint8Array());
}, 60_000);
afterAll(() => world.close());

async function load(debug = false): Promise<string> {
  return (await world.client.loadEnclave({ image: 'trainer', debug })).id;
}

function* upload(
  enclaveId: string,
  data = owned,
  keyId = data.keyId,
): Generator<RunTrainerRequest> {
  const { encrypted } = data;
  yield { start: { enclaveId, attestationUrl: '', keyId, datasetBytes: encrypted.length } };
  for (let start = 0; start < encrypted.length; start += CHUNK_BYTES) {
    yield { chunk: encrypted.subarray(start, start + CHUNK_BYTES) };
  }
}

const run = (enclaveId: string, data = owned, keyId = data.keyId): Promise<RunTrainerEvent[]> =>
  collect(world.client.runTrainer(upload(enclaveId, data, keyId)));

describe('a run of the trainer', () => {
  it('gets the key by attestation, learns inside, and answers to the owner alone', async () => {
    const events = await run(await load());
    const stages = events.flatMap(({ progress }) => (progress ? [progress] : []));
    expect([...new Set(stages.map(({ stage }) => stage))]).toEqual([
      'TRAINER_STAGE_QUOTED',
      'TRAINER_STAGE_ATTESTED',
      'TRAINER_STAGE_RELEASED',
      'TRAINER_STAGE_DECRYPTED',
      'TRAINER_STAGE_TRAINING',
      'TRAINER_STAGE_EVALUATED',
    ]);
    const ids = stages.filter(({ requestId }) => requestId !== '').map(({ stage }) => stage);
    expect(ids).toEqual(['TRAINER_STAGE_ATTESTED', 'TRAINER_STAGE_RELEASED']);
    const result = events.at(-1)?.result;
    expect(result?.accuracy).toBeGreaterThan(0.9);
    const model = decryptModel(result?.encryptedModel ?? new Uint8Array(), owned.dataKey);
    const { pixels, labels } = owned.dataset;
    expect(classify(model, pixels.subarray(402 * 64, 403 * 64))).toBe(labels[402]);
  });

  it('can be had twice of the same enclave', async () => {
    const id = await load();
    const both = await Promise.all([run(id), run(id)]);
    expect(both.map((events) => events.at(-1)?.result?.epochs)).toEqual([12, 12]);
  });

  it('ends when its caller leaves, and the enclave goes on', async () => {
    const enclaveId = await load();
    for await (const { progress } of world.client.runTrainer(upload(enclaveId))) {
      if (progress?.stage === 'TRAINER_STAGE_TRAINING') break;
    }
    const evidence = await world.client.getEvidence({ enclaveId, nonce: new Uint8Array() });
    expect(evidence.quote.length).toBeGreaterThan(1000);
  });
});

describe('a run is refused', () => {
  it('by the vault, when one byte of the enclave is changed', async () => {
    const { code, manifest } = await readTrainer(world.enclavesFolder);
    const changed = code.slice();
    const at = Buffer.from(changed).indexOf('TSDATA01');
    changed[at + 7] = 0x32;
    const bundle = new Author().sign(changed, manifest);
    const { id } = await world.client.loadEnclave({ bundle, debug: false });
    await expect(run(id)).rejects.toMatchObject({
      code: 'VAULT_REFUSED',
      status: 'PERMISSION_DENIED',
      refusal: { by: 'key-vault', status: 403, requestId: expect.stringMatching(/^00-/) },
    });
  });

  it('by the vault, when it is the same enclave in debug mode', async () => {
    await expect(run(await load(true))).rejects.toMatchObject({
      refusal: { by: 'key-vault', status: 403 },
    });
  });

  it('by the vault, when there is no such key', async () => {
    const missing = `${world.vaultUrl}/keys/missing`;
    await expect(run(await load(), owned, missing)).rejects.toMatchObject({
      refusal: { by: 'key-vault', status: 404 },
    });
  });

  it('by the enclave, when the data set is not of the released key', async () => {
    const encrypted = owned.encrypted.slice();
    encrypted[100] = (encrypted[100] ?? 0) ^ 1;
    await expect(run(await load(), { ...owned, encrypted })).rejects.toMatchObject({
      code: 'ENCLAVE_ECALL_FAILED',
      enclaveCode: 'DATASET_REFUSED',
      status: 'FAILED_PRECONDITION',
    });
  });

  it('by the host, when it may not talk to that vault', async () => {
    const elsewhere = 'https://elsewhere.test/keys/quarters';
    await expect(run(await load(), owned, elsewhere)).rejects.toMatchObject({
      code: 'HOST_ENDPOINT_REFUSED',
      field: 'key_id',
    });
  });
});

describe('evidence', () => {
  it('is a quote that verifies and binds what the enclave composed', async () => {
    const nonce = Uint8Array.of(1, 2, 3);
    const enclaveId = await load();
    const { quote, runtimeData } = await world.client.getEvidence({ enclaveId, nonce });
    const { http, pckCacheUrl, rootPem } = world;
    const collateral = await createPccsClient({ baseUrl: pckCacheUrl, http }).collateral({
      fmspc: 'E3A067110000',
      ca: 'processor',
    });
    const [root] = parsePemChain(rootPem);
    const anchors = [{ name: 'simulated', publicKey: root?.publicKeyBytes ?? new Uint8Array() }];
    const verified = verifyQuote(parseQuote(new Uint8Array(quote)), collateral, {
      anchors,
      at: new Date(),
    });
    verifyBinding(verified, new Uint8Array(runtimeData));
    expect(verified.tcb.status).toBe('UpToDate');
    const document = JSON.parse(toUtf8(runtimeData));
    expect(document['client-payload']).toEqual({ nonce: 'AQID' });
    expect(document.keys[0]).toMatchObject({ kty: 'RSA', use: 'enc' });
  });

  it('gets a token whose held data is the enclave’s key', async () => {
    const enclaveId = await load();
    const { quote, runtimeData } = await world.client.getEvidence({
      enclaveId,
      nonce: new Uint8Array(),
    });
    const { token } = await world.client.attest({
      quote,
      runtimeData,
      runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
      attestationUrl: world.attestationUrl,
    });
    const claims = JSON.parse(toUtf8(fromBase64Url(token.split('.')[1] ?? '')));
    expect(claims['x-ms-runtime']).toEqual(JSON.parse(toUtf8(runtimeData)));
    expect(claims['x-ms-sgx-report-data'].slice(0, 64)).toBe(toHex(sha256(runtimeData)));
  });

  it('gets no token with another key than the enclave’s', async () => {
    const { quote } = await world.client.getEvidence({
      enclaveId: await load(),
      nonce: new Uint8Array(),
    });
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const swapped = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'mine', use: 'enc' }] };
    const call = world.client.attest({
      quote,
      runtimeData: fromUtf8(JSON.stringify(swapped)),
      runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
      attestationUrl: '',
    });
    await expect(call).rejects.toMatchObject({
      code: 'MAA_REFUSED',
      refusal: { by: 'attestation', status: 400, code: 'InvalidParameter' },
    });
  });

  it('is sent to no provider but the configured ones', async () => {
    const call = world.client.attest({
      quote: Uint8Array.of(1),
      runtimeDataType: 'RUNTIME_DATA_TYPE_JSON',
      attestationUrl: 'https://elsewhere.test',
    });
    await expect(call).rejects.toMatchObject({
      code: 'HOST_ENDPOINT_REFUSED',
      field: 'attestation_url',
    });
  });
});

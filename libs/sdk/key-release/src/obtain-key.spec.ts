import { fromBase64Url, fromUtf8, sha256, toUtf8 } from '@touchstone/bytes';
import { createEnclave, generateRsaKeyPair } from '@touchstone/enclave-sdk';
import type { Enclave, RsaKeyPair, RsaPublicJwk } from '@touchstone/enclave-sdk';
import { random, release } from './__fixtures__/vault';
import { makeKeyEvidence, obtainKey } from '.';

type Ocall = (payload: Uint8Array) => Uint8Array;
const json = (payload: Uint8Array): Record<string, string> => JSON.parse(toUtf8(payload));
const dataKey = random.bytes(32);
let keyPair: RsaKeyPair;
beforeAll(async () => {
  keyPair = await generateRsaKeyPair(2048);
});

/** A host that does what it is asked to: the quote is the report, the token is the runtime data. */
function host(changes: Record<string, Ocall> = {}): { enclave: Enclave; asked: object[] } {
  const asked: object[] = [];
  const ocalls: Record<string, Ocall> = {
    'qe-target-info': () => new Uint8Array(512),
    quote: (report) => report,
    attest: (payload) => {
      asked.push(json(payload));
      return fromBase64Url(json(payload)['runtimeData'] ?? '');
    },
    release: (payload) => {
      asked.push(json(payload));
      const { token = '', nonce = '' } = json(payload);
      const [jwk] = (JSON.parse(token) as { keys: [RsaPublicJwk] }).keys;
      return fromUtf8(release(dataKey, nonce, jwk));
    },
    ...changes,
  };
  const enclave = createEnclave({
    ocall: async (name, payload) => ocalls[name]?.(payload) ?? new Uint8Array(),
    report: (_targetInfo, reportData) => reportData,
    getKey: () => new Uint8Array(16),
    yield: async () => undefined,
  });
  return { enclave, asked };
}

describe('makeKeyEvidence', () => {
  it('binds the key: the report data is the hash of the runtime data, then zeros', async () => {
    const { publicJwk } = keyPair;
    const made = await makeKeyEvidence(publicJwk, new Uint8Array(), host().enclave);
    expect(made.quote).toEqual(Uint8Array.of(...sha256(made.runtimeData), ...new Uint8Array(32)));
    expect(JSON.parse(toUtf8(made.runtimeData))).toEqual({ keys: [{ ...publicJwk, use: 'enc' }] });
  });

  it('repeats a nonce inside what is bound', async () => {
    const nonce = Uint8Array.of(1, 2, 3);
    const { runtimeData } = await makeKeyEvidence(keyPair.publicJwk, nonce, host().enclave);
    expect(JSON.parse(toUtf8(runtimeData))).toMatchObject({ 'client-payload': { nonce: 'AQID' } });
  });

  it('refuses a nonce that is too long', async () => {
    await expect(
      makeKeyEvidence(keyPair.publicJwk, new Uint8Array(65), host().enclave),
    ).rejects.toMatchObject({ code: 'KEY_EVIDENCE_NONCE' });
  });
});

describe('obtainKey', () => {
  it('gives the key that the vault released to this enclave', async () => {
    const steps: string[] = [];
    const onStep = async (step: string): Promise<void> => void steps.push(step);
    expect(await obtainKey(host().enclave, { keyPair, random, onStep })).toEqual(dataKey);
    expect(steps).toEqual(['quoted', 'attested', 'released']);
  });

  it('says whom to ask when it is told to', async () => {
    const { enclave, asked } = host();
    const request = { attestationUrl: 'https://a.test', keyId: 'https://v.test/keys/k' };
    await obtainKey(enclave, { keyPair, random, ...request });
    expect(asked).toEqual([
      expect.objectContaining({ attestationUrl: 'https://a.test' }),
      expect.objectContaining({ keyId: 'https://v.test/keys/k' }),
    ]);
  });

  it('refuses a release that was made for another request', async () => {
    const once = fromUtf8(release(dataKey, 'an-earlier-nonce', keyPair.publicJwk));
    await expect(
      obtainKey(host({ release: () => once }).enclave, { keyPair, random }),
    ).rejects.toMatchObject({ code: 'KEY_RELEASE_REFUSED', field: 'nonce' });
  });

  it('ends when the host does not go on', async () => {
    const onStep = async (): Promise<void> => {
      throw new Error('the caller has gone');
    };
    await expect(obtainKey(host().enclave, { keyPair, random, onStep })).rejects.toThrow(
      'the caller has gone',
    );
  });
});

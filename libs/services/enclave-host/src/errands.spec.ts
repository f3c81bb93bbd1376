import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import { logger } from './__fixtures__/machine';
import { createErrands, noStorage } from './errands';
import type { ErrandOptions, Errands } from './errands';

const signal = new AbortController().signal;
const json = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
const evidence = { quote: 'AQ', runtimeData: 'Ag' };
const request = { token: 't', nonce: 'n', enc: 'e' };

const errands = (changes: Partial<ErrandOptions> = {}): Errands =>
  createErrands({
    endpoints: {
      attestation: ['https://a.test/one', 'https://a.test/two'],
      vaults: ['https://v.test'],
      storage: ['https://s.test/account'],
    },
    attester: { attest: async (provider) => ({ token: provider, requestId: 'r-attest' }) },
    releaser: { release: async (keyId) => ({ value: keyId, requestId: 'r-release' }) },
    storage: { download: async (url) => fromUtf8(url) },
    logger,
    ...changes,
  });

const run = async ({ ocalls }: Errands, name: string, payload: object): Promise<string> => {
  const ocall = ocalls[name];
  if (ocall === undefined) throw new Error('no such errand');
  return toUtf8(await ocall(json(payload), signal));
};

describe('errands', () => {
  it('go to the provider that the enclave names, or the caller, or the first', async () => {
    const named = { ...evidence, attestationUrl: 'https://a.test/two' };
    expect(await run(errands(), 'attest', named)).toBe('https://a.test/two');
    const forCaller = errands({ attestationUrl: 'https://a.test/two' });
    expect(await run(forCaller, 'attest', evidence)).toBe('https://a.test/two');
    expect(await run(errands(), 'attest', evidence)).toBe('https://a.test/one');
  });

  it('go to the key that the enclave names, or the caller', async () => {
    const keyId = 'https://v.test/keys/k';
    expect(await run(errands(), 'release', { ...request, keyId })).toBe(keyId);
    expect(await run(errands({ keyId }), 'release', request)).toBe(keyId);
  });

  it('remember the last request id', async () => {
    const one = errands({ keyId: 'https://v.test/keys/k' });
    await run(one, 'attest', evidence);
    expect(one.requestId()).toBe('r-attest');
    await run(one, 'release', request);
    expect(one.requestId()).toBe('r-release');
  });

  it('fetch a blob', async () => {
    const blobUrl = 'https://s.test/account/shared/data?sig=1';
    expect(await run(errands(), 'download', { blobUrl })).toBe(blobUrl);
  });

  it.each([
    ['attest', { ...evidence, attestationUrl: 'https://x.test' }],
    ['release', { ...request, keyId: 'https://x.test/keys/k' }],
    ['release', request],
    ['download', { blobUrl: 'https://x.test/account/shared/data' }],
  ])('do not %s elsewhere (%#)', async (name, payload) => {
    await expect(run(errands(), name, payload)).rejects.toMatchObject({
      code: 'HOST_ENDPOINT_REFUSED',
    });
  });

  it('find no blob on a host without storage', async () => {
    const blobUrl = 'https://s.test/account/shared/data';
    await expect(
      run(errands({ storage: noStorage }), 'download', { blobUrl }),
    ).rejects.toMatchObject({ code: 'HOST_ENDPOINT_REFUSED', field: 'blobUrl' });
  });

  it('keep the refusal itself for the caller', async () => {
    const refusal = new CodedError('REFUSED', 'no');
    const refusing = errands({ attester: { attest: () => Promise.reject(refusal) } });
    await expect(run(refusing, 'attest', evidence)).rejects.toBe(refusal);
    expect(refusing.reasonOf(new Error('the enclave gave up'))).toBe(refusal);
  });

  it('leave the reason of an enclave that failed by itself', () => {
    const error = new Error('by itself');
    expect(errands().reasonOf(error)).toBe(error);
  });
});

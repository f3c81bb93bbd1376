import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import * as face from './index';
import type { EnclaveRuntime } from './index';

describe('the public face', () => {
  it('is what code inside needs', () => {
    expect(Object.keys(face).sort()).toEqual([
      'EnclaveSdkError',
      'configIdOf',
      'createEnclave',
      'defineEnclave',
      'generateRsaKeyPair',
    ]);
  });
});

describe('defineEnclave', () => {
  const asked: string[] = [];
  const runtime: EnclaveRuntime = {
    report: () => new Uint8Array(432),
    getKey: () => new Uint8Array(16),
    ocall: async (name, payload) => {
      asked.push(name);
      return payload;
    },
    yield: async () => void asked.push('yield'),
  };
  const { ask, fail } = face.defineEnclave({
    ask: async (payload, enclave) => {
      await enclave.yield();
      return enclave.ocall('echo', payload);
    },
    fail: async () => {
      throw new face.EnclaveSdkError('REPORT_MALFORMED', 'no report');
    },
  });

  it('gives each ECALL its enclave', async () => {
    expect(toUtf8(await ask(fromUtf8('hello'), runtime))).toBe('hello');
    expect(asked).toEqual(['yield', 'echo']);
  });

  it('lets errors out as they are', async () => {
    await expect(fail(new Uint8Array(), runtime)).rejects.toMatchObject({
      code: 'REPORT_MALFORMED',
    });
  });
});

describe('a key pair that is born inside', () => {
  it.each([2048, 3072] as const)('has %i bits, and two forms of its public half', async (bits) => {
    const { publicJwk, publicKeySpki, privateKey } = await face.generateRsaKeyPair(bits);
    expect(Buffer.from(publicJwk.n, 'base64url')).toHaveLength(bits / 8);
    expect(publicJwk).toMatchObject({ kty: 'RSA', e: 'AQAB', kid: expect.any(String) });
    expect(publicKeySpki.length).toBeGreaterThan(bits / 8);
    expect(JSON.stringify(publicJwk)).not.toContain(privateKey.export({ format: 'jwk' }).d);
  });
});

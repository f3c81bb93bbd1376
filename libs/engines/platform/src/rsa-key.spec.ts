import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { hasCode } from '@touchstone/errors';
import type { Random } from '@touchstone/ports';
import { generateRsaKey } from './rsa-key';
import { seeded } from './__fixtures__/seeded';

const SIZE = { modulusBits: 3072, publicExponent: 3 } as const;

describe('generateRsaKey', () => {
  const pkcs8 = generateRsaKey(seeded('one'), SIZE);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });

  it('makes a key that the operating system signs and verifies with', () => {
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 3072, publicExponent: 3n });
    const data = Buffer.from('enclave');
    expect(verify('sha256', data, createPublicKey(key), sign('sha256', data, key))).toBe(true);
  });

  it('makes the same key from the same seed, another from another', () => {
    expect(generateRsaKey(seeded('one'), SIZE)).toEqual(pkcs8);
    expect(generateRsaKey(seeded('two'), SIZE)).not.toEqual(pkcs8);
  });

  it('makes keys with the usual exponent too', () => {
    const usual = generateRsaKey(seeded('three'), { modulusBits: 2048, publicExponent: 65537 });
    const details = createPrivateKey({ key: Buffer.from(usual), format: 'der', type: 'pkcs8' });
    expect(details.asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65537n,
    });
  });

  it.each([1024, 3071, 8192])('refuses a modulus of %d bits', (modulusBits) => {
    let caught: unknown;
    try {
      generateRsaKey(seeded('x'), { modulusBits, publicExponent: 3 });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'SGX_INVALID_SIGNING_KEY')).toBe(true);
  });

  it('draws afresh when the walk leaves the range', () => {
    const source = seeded('four');
    let draws = 0;
    const random: Random = {
      bytes: (length) => (draws++ === 0 ? new Uint8Array(length).fill(0xff) : source.bytes(length)),
    };
    const made = generateRsaKey(random, { modulusBits: 2048, publicExponent: 3 });
    expect(draws).toBeGreaterThan(2);
    expect(made).toEqual(generateRsaKey(seeded('four'), { modulusBits: 2048, publicExponent: 3 }));
  });
});

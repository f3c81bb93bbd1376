import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import type { RsaPublicJwk } from '@touchstone/enclave-sdk';
import { encodeKeyHsm, wrapKey } from '@touchstone/key-wrap';
import { rsaCertificateChain } from '@touchstone/pki';
import type { Random } from '@touchstone/ports';

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

const party = (commonName: string) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    commonName,
    privateKeyPkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
    serial: random.bytes(8),
    privateKey,
  };
};

const [root, intermediate, leaf, stranger] = ['root', 'intermediate', 'vault.test', 'stranger'].map(
  party,
) as [
  ReturnType<typeof party>,
  ReturnType<typeof party>,
  ReturnType<typeof party>,
  ReturnType<typeof party>,
];
const chain = rsaCertificateChain({
  root,
  intermediate,
  leaf: { ...leaf, dnsNames: ['vault.test'] },
  notBefore: new Date('2026-01-01'),
  notAfter: new Date('2036-01-01'),
});

export interface ReleaseChanges {
  readonly alg?: string;
  readonly nonce?: string;
  readonly enc?: string;
  readonly kid?: string;
  readonly kty?: string;
  readonly key?: Uint8Array;
  readonly chain?: readonly Uint8Array[];
  readonly signer?: 'leaf' | 'stranger';
}

/** What a key vault answers to a release, with exactly one thing changed where a test wants that. */
export function release(
  dataKey: Uint8Array,
  nonce: string,
  jwk: RsaPublicJwk,
  changes: ReleaseChanges = {},
): string {
  const algorithm = 'RSA_AES_KEY_WRAP_256';
  const kek = createPublicKey({ key: { ...jwk } as JsonWebKey, format: 'jwk' });
  const ciphertext = wrapKey({ algorithm, kek, key: changes.key ?? dataKey, random });
  const keyHsm = encodeKeyHsm({ kid: changes.kid ?? jwk.kid, enc: algorithm, ciphertext });
  const header = {
    alg: changes.alg ?? 'RS256',
    x5c: (changes.chain ?? chain).map(toBase64),
  };
  const payload = {
    request: { enc: changes.enc ?? algorithm, nonce: changes.nonce ?? nonce },
    response: { key: { key: { kty: changes.kty ?? 'oct-HSM', key_hsm: keyHsm } } },
  };
  const signed = [header, payload]
    .map((part) => toBase64Url(fromUtf8(JSON.stringify(part))))
    .join('.');
  const { privateKey } = changes.signer === 'stranger' ? stranger : leaf;
  return `${signed}.${toBase64Url(sign('sha256', fromUtf8(signed), privateKey))}`;
}

export const releaseChain = chain;

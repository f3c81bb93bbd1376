import { X509Certificate, createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeKeyHsm, unwrapKey } from '@touchstone/key-wrap';
import type { Claims } from './stand';

/** The key pair of an attested environment. */
export interface Environment {
  readonly privateKey: KeyObject;
  /** Claims of a token that carries its public key. */
  readonly claims: Claims;
}

const pairs = new Map<number, Environment>();

export function anEnvironment(bits = 2048): Environment {
  const known = pairs.get(bits);
  if (known !== undefined) return known;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid: 'TpmEphemeralEncryptionKey',
    key_ops: ['encrypt'],
  };
  const made = {
    privateKey,
    claims: {
      'x-ms-runtime': { keys: [jwk] },
      'x-ms-sgx-mrenclave': 'aa',
      'x-ms-sgx-is-debuggable': false,
    },
  };
  pairs.set(bits, made);
  return made;
}

export const policyFor = (authority: string) => ({
  version: '1.0.0',
  anyOf: [
    {
      authority,
      allOf: [
        { claim: 'x-ms-sgx-mrenclave', equals: 'aa' },
        { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
      ],
    },
  ],
});

export const encodedPolicy = (authority: string): string =>
  Buffer.from(JSON.stringify(policyFor(authority))).toString('base64url');

export interface ReleasedPayload {
  readonly request: Readonly<Record<string, string>>;
  readonly response: {
    readonly key: {
      readonly key: Readonly<Record<string, string>>;
      readonly attributes: Claims;
      readonly release_policy: Claims;
    };
  };
}

/** Checks the signed answer as a careful consumer does: chain, names, signature. */
export function openReleased(jws: string): ReleasedPayload {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const { alg, x5c } = JSON.parse(Buffer.from(header, 'base64url').toString()) as {
    alg: string;
    x5c: string[];
  };
  const [leaf, intermediate, root] = x5c.map(
    (der) => new X509Certificate(Buffer.from(der, 'base64')),
  );
  if (alg !== 'RS256' || !leaf || !intermediate || !root) throw new Error('not a signed answer');
  const chained =
    leaf.verify(intermediate.publicKey) &&
    intermediate.verify(root.publicKey) &&
    root.verify(root.publicKey);
  const issued = leaf.checkIssued(intermediate) && intermediate.checkIssued(root);
  const named = leaf.checkHost('myvault.vault.azure.net') !== undefined;
  const signed = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    leaf.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!chained || !issued || !named || !signed) throw new Error('the answer does not verify');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as ReleasedPayload;
}

/** The key inside, opened as the environment opens it. */
export function unwrapReleased(
  { response }: ReleasedPayload,
  { privateKey }: Environment,
): Uint8Array {
  const { enc, ciphertext } = decodeKeyHsm(response.key.key['key_hsm'] ?? '');
  return unwrapKey({ algorithm: enc, privateKey, wrapped: ciphertext });
}

export const privateJwk = (pkcs8: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({
    format: 'jwk',
  });

import { createPrivateKey, createPublicKey, generateKeyPair, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { fromBase64Url } from '@touchstone/bytes';
import type { Random } from '@touchstone/ports';
import type { keyVault } from '@touchstone/wire';
import { VaultError } from './vault-error';

/** What a key consists of: PKCS#8 DER or octets, and the public members of its JWK. */
export interface KeyMaterial {
  readonly material: Uint8Array;
  readonly publicJwk: Readonly<Record<string, string>>;
}

const RSA_BITS = [2048, 3072, 4096];
const OCT_BITS = [128, 192, 256];
const DEFAULT_RSA_BITS = 2048;
const DEFAULT_OCT_BITS = 256;
const DEFAULT_EXPONENT = 65537;
const MAX_EXPONENT = 2 ** 32 - 1;
/** Node knows secp256k1 by its own name only. */
const NODE_CURVES: Readonly<Record<keyVault.Curve, string>> = {
  'P-256': 'P-256',
  'P-384': 'P-384',
  'P-521': 'P-521',
  'P-256K': 'secp256k1',
};

const generate = promisify(generateKeyPair);

/** RSA, EC or octets, whatever holds them. */
export const familyOf = (kty: string): string => kty.replace('-HSM', '');

/** A new key; VAULT_KEY_MATERIAL for a size or exponent that vaults do not have. */
export async function generateMaterial(
  request: Pick<keyVault.CreateKeyRequest, 'kty' | 'keySize' | 'crv' | 'publicExponent'>,
  random: Random,
): Promise<KeyMaterial> {
  switch (familyOf(request.kty)) {
    case 'RSA':
      return generateRsa(
        request.keySize ?? DEFAULT_RSA_BITS,
        request.publicExponent ?? DEFAULT_EXPONENT,
      );
    case 'EC': {
      const namedCurve = NODE_CURVES[request.crv ?? 'P-256'];
      return asymmetric((await generate('ec', { namedCurve })).privateKey);
    }
    default: {
      const bits = request.keySize ?? DEFAULT_OCT_BITS;
      if (!OCT_BITS.includes(bits)) throw unusable('key_size', 'no such size of a symmetric key');
      return { material: random.bytes(bits / 8), publicJwk: {} };
    }
  }
}

async function generateRsa(modulusLength: number, publicExponent: number): Promise<KeyMaterial> {
  if (!RSA_BITS.includes(modulusLength)) throw unusable('key_size', 'no such size of an RSA key');
  if (publicExponent < 3 || publicExponent > MAX_EXPONENT || publicExponent % 2 === 0) {
    throw unusable('public_exponent', 'no usable RSA exponent');
  }
  const { privateKey } = await generate('rsa', { modulusLength, publicExponent });
  return asymmetric(privateKey);
}

/** The key of a private JWK, proven to belong together. VAULT_KEY_MATERIAL names the member at fault. */
export function importMaterial({
  kty,
  jwk,
}: Pick<keyVault.ImportKeyRequest, 'kty' | 'jwk'>): KeyMaterial {
  for (const [name, value] of Object.entries(jwk)) if (name !== 'crv') decodeMember(value, name);
  switch (familyOf(kty)) {
    case 'RSA':
      return importRsa(jwk);
    case 'EC':
      return importEc(jwk);
    default:
      return importOctets(jwk);
  }
}

type Jwk = keyVault.ImportKeyRequest['jwk'];

function importRsa(jwk: Jwk): KeyMaterial {
  const members = required(jwk, ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']);
  const key = privateKey({ kty: 'RSA', ...members }, 'key.n');
  if (!RSA_BITS.includes(key.asymmetricKeyDetails?.modulusLength ?? 0)) {
    throw unusable('key.n', 'no such size of an RSA key');
  }
  assertPair(key, { kty: 'RSA', ...required(jwk, ['n', 'e']) }, 'key.d');
  return asymmetric(key);
}

function importEc(jwk: Jwk): KeyMaterial {
  const { crv, ...point } = required(jwk, ['crv', 'x', 'y', 'd']);
  const namedCurve = Object.entries(NODE_CURVES).find(([name]) => name === crv)?.[1];
  if (namedCurve === undefined) throw unusable('key.crv', 'no such curve');
  const key = privateKey({ kty: 'EC', crv: namedCurve, ...point }, 'key.x');
  assertPair(key, { kty: 'EC', crv: namedCurve, ...required(jwk, ['x', 'y']) }, 'key.d');
  return asymmetric(key);
}

function importOctets(jwk: Jwk): KeyMaterial {
  const material = decodeMember(required(jwk, ['k']).k, 'k');
  if (!OCT_BITS.includes(material.length * 8))
    throw unusable('key.k', 'no such size of a symmetric key');
  return { material, publicJwk: {} };
}

function required<Name extends keyVault.JwkMember>(
  jwk: Jwk,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.find((name) => jwk[name] === undefined);
  if (missing !== undefined) throw unusable(`key.${missing}`, 'the member is missing');
  return Object.fromEntries(names.map((name) => [name, jwk[name] ?? ''])) as Record<Name, string>;
}

function decodeMember(value: string, name: string): Uint8Array {
  try {
    return fromBase64Url(value);
  } catch {
    // Without the cause: the value may be private.
    throw unusable(`key.${name}`, 'the member is not base64url');
  }
}

function privateKey(jwk: JsonWebKey, field: string): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw unusable(field, 'the members are no private key');
  }
}

/** A private part that belongs to another public part would give its owner a key that they cannot use. */
function assertPair(key: KeyObject, publicJwk: JsonWebKey, field: string): void {
  const probe = Buffer.from('pairwise consistency');
  let paired = false;
  try {
    const signature = sign('sha256', probe, key);
    paired = verify('sha256', probe, createPublicKey({ key: publicJwk, format: 'jwk' }), signature);
  } catch {
    // OpenSSL may already refuse to sign with such a key.
  }
  if (!paired) throw unusable(field, 'the private and public members do not belong together');
}

function asymmetric(key: KeyObject): KeyMaterial {
  const material = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  // Of a key read anew: exported from the pair that was just made, one in thousands would stop Node 20 for ever.
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const readAnew = createPublicKey({ key: spki, type: 'spki', format: 'der' });
  const { n, e, crv, x, y } = readAnew.export({ format: 'jwk' });
  const members =
    crv === undefined ? { n, e } : { crv: crv === 'secp256k1' ? 'P-256K' : crv, x, y };
  return {
    material,
    publicJwk: Object.fromEntries(
      Object.entries(members).map(([name, value]) => [name, value ?? '']),
    ),
  };
}

const unusable = (field: string, why: string): VaultError =>
  new VaultError('VAULT_KEY_MATERIAL', `${field}: ${why}`, { field });

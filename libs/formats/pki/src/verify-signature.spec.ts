import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { concat, fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import { aLeaf, aRoot, caSigner, failureOf, signerNamed } from './__fixtures__/issued';
import { parseCertificate } from './certificate';
import { derElement, derInteger, derOid, derSequence } from './der-writer';
import { Tag, contextTag } from './der-reader';
import { p256PublicKey } from './public-key';
import { verifyCertificateSignature, verifyEcdsaP256 } from './verify-signature';

const signer = signerNamed('verify');
const key = p256PublicKey(signer.publicKeyBytes);
const data = fromUtf8('what is signed');
const raw = signer.signRaw(data);
const [r, s] = [raw.slice(0, 32), raw.slice(32)];
const n = fromHex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const zero = new Uint8Array(32);
const one = concat(zero.slice(1), Uint8Array.of(1));

const plusOrder = (bytes: Uint8Array): string =>
  (BigInt(`0x${toHex(bytes)}`) + BigInt(`0x${toHex(n)}`)).toString(16).padStart(66, '0');
const integer = (bytes: Uint8Array): Uint8Array => derElement(Tag.integer, bytes);
const signed = (bytes: Uint8Array): Uint8Array =>
  integer((bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
const padded = (bytes: Uint8Array): Uint8Array => integer(concat(new Uint8Array(2), bytes));
const body = (der: Uint8Array): Uint8Array => der.slice(2);

describe('verifyEcdsaP256 with r and s side by side', () => {
  it('accepts what the key signed', () => {
    expect(verifyEcdsaP256(key, data, raw, 'ieee-p1363')).toBe(true);
  });

  it.each([
    ['other data', fromUtf8('what is not signed'), raw],
    ['r and s swapped', data, concat(s, r)],
    ['r zero', data, concat(zero, s)],
    ['s zero', data, concat(r, zero)],
    ['both zero', data, concat(zero, zero)],
    ['both one', data, concat(one, one)],
    ['r the order', data, concat(n, s)],
    ['s the order', data, concat(r, n)],
    ['all bits set', data, new Uint8Array(64).fill(0xff)],
    ['the DER spelling', data, signer.sign(data)],
    ['one byte less', data, raw.slice(1)],
    ['one byte more', data, concat(raw, Uint8Array.of(0))],
    ['two octets more, evenly', data, concat(Uint8Array.of(0), r, Uint8Array.of(0), s)],
    ['nothing', data, new Uint8Array()],
  ])('refuses %s', (_name, message, signature) => {
    expect(verifyEcdsaP256(key, message, signature, 'ieee-p1363')).toBe(false);
  });
});

describe('verifyEcdsaP256 with DER', () => {
  const der = signer.sign(data);

  it('accepts what the key signed', () => {
    expect(verifyEcdsaP256(key, data, der, 'der')).toBe(true);
    expect(verifyEcdsaP256(key, data, derSequence(signed(r), signed(s)), 'der')).toBe(true);
  });

  it.each([
    ['the plain spelling', raw],
    ['r with needless zeros', derSequence(padded(r), signed(s))],
    ['s with needless zeros', derSequence(signed(r), padded(s))],
    ['r plus the order', derSequence(integer(fromHex(plusOrder(r))), signed(s))],
    ['s plus the order', derSequence(signed(r), integer(fromHex(plusOrder(s))))],
    ['r zero', derSequence(derInteger(0), signed(s))],
    ['s zero', derSequence(signed(r), derInteger(0))],
    ['s negative', derSequence(signed(r), integer(Uint8Array.of(0xff)))],
    ['a byte behind', concat(der, Uint8Array.of(0))],
    ['an element inside behind s', derSequence(signed(r), signed(s), derInteger(0))],
    ['the indefinite form', concat(Uint8Array.of(0x30, 0x80), body(der), Uint8Array.of(0, 0))],
    ['a length that is not minimal', concat(Uint8Array.of(0x30, 0x81, der.length - 2), body(der))],
    ['a SET instead', derElement(Tag.set, body(der))],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_name, signature) => {
    expect(verifyEcdsaP256(key, data, signature, 'der')).toBe(false);
  });
});

describe('verifyEcdsaP256 with another kind of key', () => {
  it.each([
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ])('refuses %s although it signed', (_name, pair) => {
    const signature = sign('sha256', data, { key: pair.privateKey, dsaEncoding: 'der' });
    expect(verifyEcdsaP256(pair.publicKey, data, signature, 'der')).toBe(false);
  });
});

describe('p256PublicKey', () => {
  it('takes 64 or 65 bytes', () => {
    expect(p256PublicKey(signer.publicKeyBytes.slice(1)).equals(key)).toBe(true);
  });

  const { publicKeyBytes: point } = signer;
  it.each([
    [
      'a point off the curve',
      concat(point.slice(0, 64), Uint8Array.of((point[64] ?? 0) ^ 1)),
      'PKI_KEY_NOT_ON_CURVE',
    ],
    ['the point 0, 0', new Uint8Array(64), 'PKI_KEY_NOT_ON_CURVE'],
    ['coordinates above the prime', new Uint8Array(64).fill(0xff), 'PKI_KEY_NOT_ON_CURVE'],
    ['the point at infinity', Uint8Array.of(0), 'PKI_KEY_UNSUPPORTED'],
    ['a compressed point', concat(Uint8Array.of(2), point.slice(1, 33)), 'PKI_KEY_UNSUPPORTED'],
    ['a hybrid point', concat(Uint8Array.of(6), point.slice(1)), 'PKI_KEY_UNSUPPORTED'],
    ['no bytes', new Uint8Array(), 'PKI_KEY_UNSUPPORTED'],
  ])('refuses %s', (_name, bytes, code) => {
    expect(failureOf(() => p256PublicKey(bytes))).toBe(code);
  });
});

describe('verifyCertificateSignature', () => {
  it('accepts the issuer as certificate and as key, public or private', () => {
    const root = parseCertificate(aRoot());
    expect(verifyCertificateSignature(parseCertificate(aLeaf()), root)).toBe(true);
    expect(verifyCertificateSignature(root, p256PublicKey(caSigner.publicKeyBytes))).toBe(true);
    expect(
      verifyCertificateSignature(
        root,
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      ),
    ).toBe(false);
  });

  it('never accepts a certificate of which one bit differs', () => {
    const root = parseCertificate(aRoot());
    const der = aLeaf();
    let accepted = 0;
    for (let bit = 0; bit < der.length * 8; bit++) {
      const changed = der.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (failureOf(() => parseCertificate(changed))) continue;
      if (verifyCertificateSignature(parseCertificate(changed), root)) accepted++;
    }
    expect(accepted).toBe(0);
  });
});

describe('RSA signatures of certificates', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const hashOid = {
    sha1: '1.3.14.3.2.26',
    sha256: '2.16.840.1.101.3.4.2.1',
    sha384: '2.16.840.1.101.3.4.2.2',
  };
  const named = (oid: string, ...params: Uint8Array[]) => derSequence(derOid(oid), ...params);
  const pss = (hash: keyof typeof hashOid, mask: keyof typeof hashOid, salt: number) =>
    named(
      '1.2.840.113549.1.1.10',
      derSequence(
        derElement(contextTag(0), named(hashOid[hash])),
        derElement(contextTag(1), named('1.2.840.113549.1.1.8', named(hashOid[mask]))),
        derElement(contextTag(2), derInteger(salt)),
      ),
    );

  /** The leaf with another algorithm, signed by the RSA key. */
  function resigned(algorithm: Uint8Array, hash: string, options: object): Uint8Array {
    const leaf = parseCertificate(aLeaf());
    const ecdsa = toHex(named('1.2.840.10045.4.3.2'));
    const inner = toHex(leaf.tbs).slice(8).replace(ecdsa, toHex(algorithm));
    const tbs = derSequence(fromHex(inner));
    const signature = sign(hash, tbs, { key: pair.privateKey, ...options });
    return derSequence(tbs, algorithm, derElement(Tag.bitString, Uint8Array.of(0), signature));
  }
  const pssOptions = (saltLength: number) => ({
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength,
  });

  it('verify with PKCS#1 v1.5 and with PSS', () => {
    const plain = resigned(named('1.2.840.113549.1.1.12', derElement(Tag.null)), 'sha384', {});
    const probabilistic = resigned(pss('sha384', 'sha384', 48), 'sha384', pssOptions(48));
    expect(verifyCertificateSignature(parseCertificate(plain), pair.publicKey)).toBe(true);
    expect(verifyCertificateSignature(parseCertificate(probabilistic), pair.publicKey)).toBe(true);
  });

  it.each([
    ['SHA-1', resigned(named('1.2.840.113549.1.1.5', derElement(Tag.null)), 'sha1', {})],
    ['PSS over SHA-1', resigned(pss('sha1', 'sha1', 20), 'sha1', pssOptions(20))],
    ['PSS with another mask hash', resigned(pss('sha384', 'sha256', 48), 'sha384', pssOptions(48))],
    [
      'PSS with another salt length',
      resigned(pss('sha384', 'sha384', 32), 'sha384', pssOptions(48)),
    ],
    [
      'PSS with defaults',
      resigned(named('1.2.840.113549.1.1.10', derSequence()), 'sha256', pssOptions(32)),
    ],
    ['an ECDSA algorithm', resigned(named('1.2.840.10045.4.3.2'), 'sha256', {})],
  ])('are refused for %s', (_name, der) => {
    expect(verifyCertificateSignature(parseCertificate(der), pair.publicKey)).toBe(false);
  });
});

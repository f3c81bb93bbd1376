import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { fromUtf8, toBase64 } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { rsaSelfSigned, toPem } from '@touchstone/pki';
import { jwkPublicKey, maaJwks, rsaMembers } from './jwks';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
const entry = { kid: 'k', certificates: [new Uint8Array([0x30, 0])], spki };

describe('maaJwks', () => {
  it('is x5c, kid, kty as the live service has it', () => {
    const text = JSON.stringify(maaJwks([entry], { publicMembers: false }));
    expect(text).toBe('{"keys":[{"x5c":["MAA="],"kid":"k","kty":"RSA"}]}');
  });

  it('adds what generic libraries need, behind those', () => {
    const [key] = maaJwks([entry]).keys;
    expect(Object.keys(key ?? {})).toEqual(['x5c', 'kid', 'kty', 'n', 'e', 'use', 'alg']);
    expect(key).toMatchObject({ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' });
  });
});

describe('jwkPublicKey', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ format: 'der', type: 'spki' }));
  const certificate = (extension: Uint8Array): string =>
    toBase64(
      rsaSelfSigned({
        commonName: 'https://p.eus2.attest.azure.net',
        privateKeyPkcs8: new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
        serial: new Uint8Array([1]),
        notBefore: new Date('2019-05-01T00:00:00Z'),
        notAfter: new Date('2050-12-31T23:59:59Z'),
        extensions: [{ oid: '1.3.6.1.4.1.311.105.1', critical: false, value: extension }],
      }),
    );

  it('is that of the first certificate', () => {
    const key = jwkPublicKey({ kty: 'RSA', x5c: [certificate(new Uint8Array(4))] });
    expect(key.equals(pair.publicKey)).toBe(true);
  });

  it('is not that of a certificate in PEM inside an extension', () => {
    const other = toPem(spki, 'PUBLIC KEY') + toPem(new Uint8Array(100), 'CERTIFICATE');
    const key = jwkPublicKey({ kty: 'RSA', x5c: [certificate(fromUtf8(other))] });
    expect(key.equals(pair.publicKey)).toBe(true);
  });

  it('is refused when certificate and members disagree', () => {
    let caught: unknown;
    try {
      jwkPublicKey({ kty: 'RSA', x5c: [certificate(new Uint8Array(4))], ...rsaMembers(spki) });
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'TOKEN_KEY_INVALID')).toBe(true);
  });

  it('is taken when certificate and members agree', () => {
    const jwk = {
      kty: 'RSA',
      x5c: [certificate(new Uint8Array(4))],
      ...rsaMembers(spkiOf(pair.publicKey)),
    };
    expect(jwkPublicKey(jwk).equals(pair.publicKey)).toBe(true);
  });
});

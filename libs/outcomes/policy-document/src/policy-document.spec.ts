import { generateKeyPairSync, sign } from 'node:crypto';
import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import {
  AAD,
  TEXT,
  handMade,
  leafOf,
  part,
  policyPart,
  refusalOf,
  x5c,
} from './__fixtures__/documents';
import { ecSigner, rsaKey, rsaSigner, selfSigned } from './__fixtures__/signers';
import * as face from './index';
import {
  createPolicySigner,
  openPolicyDocument,
  policyHash,
  policyTokenHash,
  signPolicy,
  wrapPolicy,
} from './index';

const [KEY, OTHER_KEY] = [rsaKey(), rsaKey()];
const SIGNER = rsaSigner(KEY);
const OTHER = rsaSigner(OTHER_KEY, 'other');
const EC = ecSigner();

describe('wrapPolicy', () => {
  it('makes what the live service hashes', () => {
    const jws = wrapPolicy(TEXT);
    expect(jws.startsWith('eyJhbGciOiJub25lIn0.')).toBe(true);
    expect(policyTokenHash(jws)).toBe('c6sEJQItV50OeP9IrP_bzywAMOVvj5uDPbklA_bwdYQ');
  });

  it('keeps every byte of the text', () => {
    const text = `${TEXT}\r\n// é\n`;
    expect(openPolicyDocument(wrapPolicy(text), AAD)).toEqual({
      jws: wrapPolicy(text),
      text,
      hash: policyHash(text),
      tokenHash: policyTokenHash(wrapPolicy(text)),
    });
  });
});

describe('signPolicy', () => {
  it.each([
    ['RSA', SIGNER, 'RS256', 'RSA'],
    ['P-256', EC, 'ES256', 'EC'],
  ])('signs with a key of %s', (_name, signer, alg, kty) => {
    const document = openPolicyDocument(signPolicy(TEXT, signer), AAD);
    expect(document).toMatchObject({ text: TEXT, hash: policyHash(TEXT) });
    expect(document.signer?.jwk).toEqual({ alg, kty, use: 'sig', x5c: x5c(leafOf(signer)) });
  });
});

describe('createPolicySigner', () => {
  const [certificates, other] = [[selfSigned(KEY)], [selfSigned(OTHER_KEY)]];
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const der = (key: typeof p384) => new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
  const options = { privateKeyPkcs8: KEY, certificates };

  it.each([
    ['a key that is none', { ...options, privateKeyPkcs8: Uint8Array.of(1) }, 'key'],
    ['a key of another curve', { ...options, privateKeyPkcs8: der(p384) }, 'key'],
    ['a short key', { ...options, privateKeyPkcs8: rsaKey(1024) }, 'key'],
    ['a certificate of another key', { ...options, certificates: other }, 'certificate'],
    ['no certificate', { ...options, certificates: [] }, 'certificate'],
  ])('refuses %s', (_name, given, field) => {
    expect(refusalOf(() => createPolicySigner(given))).toEqual({
      code: 'POLICY_DOCUMENT_KEY',
      field,
    });
  });
});

describe('a header', () => {
  const leaf = leafOf(SIGNER);
  const publicJwk = leaf.publicKey.export({ format: 'jwk' });
  const otherJwk = leafOf(OTHER).publicKey.export({ format: 'jwk' });
  const signed = { alg: 'RS256', x5c: x5c(leaf) };

  it('may have a key id, a type and the key beside its certificate', () => {
    const header = { ...signed, kid: 'a', typ: 'JWT', jwk: publicJwk };
    expect(openPolicyDocument(handMade(header, policyPart(), SIGNER), AAD).text).toBe(TEXT);
  });

  it('may have the key alone, whose private members are left behind', () => {
    const header = { alg: 'RS256', jwk: { ...publicJwk, d: 'secret', use: 'sig' } };
    expect(openPolicyDocument(handMade(header, policyPart(), SIGNER), AAD).signer?.jwk).toEqual(
      publicJwk,
    );
  });

  it.each<[string, object, string, string]>([
    [
      'names where to fetch a key',
      { ...signed, jku: 'https://a' },
      'POLICY_DOCUMENT_HEADER',
      'jku',
    ],
    [
      'names where to fetch a certificate',
      { ...signed, x5u: 'a' },
      'POLICY_DOCUMENT_HEADER',
      'x5u',
    ],
    ['has a content type', { ...signed, cty: 'JWT' }, 'POLICY_DOCUMENT_HEADER', 'cty'],
    ['has another type', { ...signed, typ: 'JOSE' }, 'POLICY_DOCUMENT_HEADER', 'typ'],
    ['is critical', { ...signed, crit: ['exp'] }, 'POLICY_DOCUMENT_MALFORMED', 'jws'],
    ['names no key', { alg: 'RS256' }, 'POLICY_DOCUMENT_HEADER', 'x5c'],
    ['has two keys', { ...signed, jwk: otherJwk }, 'POLICY_DOCUMENT_HEADER', 'jwk'],
    [
      'has a key that is none',
      { alg: 'RS256', jwk: { kty: 'RSA' } },
      'POLICY_DOCUMENT_HEADER',
      'jwk',
    ],
    [
      'has a secret as a key',
      { alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } },
      'POLICY_DOCUMENT_ALGORITHM',
      'alg',
    ],
    ['has a key that is text', { alg: 'RS256', jwk: 'a' }, 'POLICY_DOCUMENT_HEADER', 'jwk'],
    ['has certificates that are text', { alg: 'RS256', x5c: 'a' }, 'POLICY_DOCUMENT_HEADER', 'x5c'],
    ['has no certificates', { alg: 'RS256', x5c: [] }, 'POLICY_DOCUMENT_HEADER', 'x5c'],
    [
      'has too many',
      { alg: 'RS256', x5c: Array(11).fill(x5c(leaf)[0]) },
      'POLICY_DOCUMENT_HEADER',
      'x5c',
    ],
    ['has one that is a number', { alg: 'RS256', x5c: [1] }, 'POLICY_DOCUMENT_HEADER', 'x5c[0]'],
    [
      'has one that is none',
      { alg: 'RS256', x5c: [...x5c(leaf), 'AAAA'] },
      'POLICY_DOCUMENT_HEADER',
      'x5c[1]',
    ],
    [
      'names an algorithm of other keys',
      { ...signed, alg: 'ES256' },
      'POLICY_DOCUMENT_ALGORITHM',
      'alg',
    ],
    ['names a keyed hash', { ...signed, alg: 'HS256' }, 'POLICY_DOCUMENT_ALGORITHM', 'alg'],
    ['names an unknown algorithm', { ...signed, alg: 'None' }, 'POLICY_DOCUMENT_ALGORITHM', 'alg'],
    [
      'has a certificate of another key',
      { ...signed, x5c: x5c(leafOf(OTHER)) },
      'POLICY_DOCUMENT_SIGNATURE',
      'signature',
    ],
  ])('that %s is refused', (_name, header, code, field) => {
    const jws = handMade(header, policyPart(), SIGNER);
    expect(refusalOf(() => openPolicyDocument(jws, AAD))).toEqual({ code, field });
  });

  it('with a key but without a signature is refused', () => {
    const jws = `${part({ alg: 'none', x5c: x5c(leaf) })}.${policyPart()}.`;
    expect(refusalOf(() => openPolicyDocument(jws, AAD))).toEqual({
      code: 'POLICY_DOCUMENT_HEADER',
      field: 'x5c',
    });
  });
});

describe('a payload', () => {
  const unsigned = (payload: string): string => `${part({ alg: 'none' })}.${payload}.`;

  it.each([
    ['nothing', '', 'payload'],
    ['no object', part(['a']), 'payload'],
    ['a policy under another name', part({ text: 'AAAA' }), 'AttestationPolicy'],
    ['a policy that is no text', part({ AttestationPolicy: 1 }), 'AttestationPolicy'],
    ['a policy with padding', part({ AttestationPolicy: 'YQ==' }), 'AttestationPolicy'],
    ['a policy that is plain text', part({ AttestationPolicy: TEXT }), 'AttestationPolicy'],
    ['a policy that is no UTF-8', part({ AttestationPolicy: '_w' }), 'AttestationPolicy'],
    [
      'a policy twice',
      toBase64Url(fromUtf8('{"AttestationPolicy":"","AttestationPolicy":""}')),
      'payload',
    ],
  ])('with %s is refused', (_name, payload, field) => {
    expect(refusalOf(() => openPolicyDocument(unsigned(payload), AAD))).toEqual({
      code: 'POLICY_DOCUMENT_MALFORMED',
      field,
    });
  });

  it.each([
    ['plain text', TEXT],
    ['encoded text', toBase64Url(fromUtf8(TEXT))],
  ])('may hold %s where the preview is spoken', (_name, member) => {
    const jws = unsigned(part({ AttestationPolicy: member }));
    const { text, hash } = openPolicyDocument(jws, AAD, { plainText: true });
    expect({ text, hash }).toEqual({ text: TEXT, hash: policyHash(TEXT) });
  });

  it.each(['', 'a.b', `${wrapPolicy(TEXT)}.`, `${wrapPolicy(TEXT)}\n`, ` ${wrapPolicy(TEXT)}`])(
    'of a text that is no JWS (%#) is refused',
    (jws) => {
      expect(refusalOf(() => openPolicyDocument(jws, AAD))).toMatchObject({
        code: 'POLICY_DOCUMENT_MALFORMED',
      });
    },
  );
});

describe('tampering', () => {
  const jws = signPolicy(TEXT, SIGNER);

  it('with any character is refused', () => {
    for (let at = 0; at < jws.length; at += 37) {
      const other = jws[at] === 'A' ? 'B' : 'A';
      const changed = jws.slice(0, at) + other + jws.slice(at + 1);
      expect(refusalOf(() => openPolicyDocument(changed, AAD)).code).toMatch(/^POLICY_DOCUMENT_/);
    }
  });

  it('with the scheme is refused', () => {
    const input = jws.slice(0, jws.lastIndexOf('.'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const signature = toBase64Url(new Uint8Array(sign(null, fromUtf8(input), privateKey)));
    expect(refusalOf(() => openPolicyDocument(`${input}.${signature}`, AAD)).code).toBe(
      'POLICY_DOCUMENT_SIGNATURE',
    );
  });
});

describe('the public face', () => {
  it('is exactly this', () => {
    expect(Object.keys(face).sort()).toEqual([
      'CERTIFICATE_MEMBER',
      'CERTIFICATE_MEMBERS',
      'POLICY_ALGORITHMS',
      'POLICY_MEMBER',
      'PolicyDocumentError',
      'RESET_DOCUMENT',
      'addSigner',
      'certificateJwk',
      'certificateThumbprint',
      'createPolicySigner',
      'encodePolicyText',
      'openPolicyDocument',
      'openResetDocument',
      'openSignerChange',
      'policyHash',
      'policyTokenHash',
      'removeSigner',
      'signPolicy',
      'signReset',
      'signSignerChange',
      'wrapPolicy',
    ]);
  });
});

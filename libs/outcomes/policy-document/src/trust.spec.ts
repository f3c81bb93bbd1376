import type { Certificate } from '@touchstone/pki';
import {
  AAD,
  TEXT,
  handMade,
  leafOf,
  part,
  policyPart,
  refusalOf,
  x5c,
  isolated,
} from './__fixtures__/documents';
import { NOT_AFTER, rsaChain, rsaKey, rsaSigner, selfSigned } from './__fixtures__/signers';
import {
  RESET_DOCUMENT,
  addSigner,
  certificateJwk,
  certificateThumbprint,
  openPolicyDocument,
  openResetDocument,
  openSignerChange,
  removeSigner,
  signPolicy,
  signReset,
  signSignerChange,
  wrapPolicy,
  type DocumentTrust,
} from './index';

const [KEY, OTHER_KEY, THIRD_KEY] = [rsaKey(), rsaKey(), rsaKey()];
const SIGNER = rsaSigner(KEY);
const OTHER = rsaSigner(OTHER_KEY, 'other');

describe('the isolated model', () => {
  it('takes what a configured signer signed', () => {
    const trust = isolated(leafOf(OTHER), leafOf(SIGNER));
    expect(openPolicyDocument(signPolicy(TEXT, SIGNER), trust).text).toBe(TEXT);
  });

  it('takes the bare key of a configured signer', () => {
    const jwk = leafOf(SIGNER).publicKey.export({ format: 'jwk' });
    const jws = handMade({ alg: 'RS256', jwk }, policyPart(), SIGNER);
    expect(openPolicyDocument(jws, isolated(leafOf(SIGNER))).text).toBe(TEXT);
    expect(refusalOf(() => openPolicyDocument(jws, isolated(leafOf(OTHER))))).toEqual({
      code: 'POLICY_DOCUMENT_SIGNER',
      field: 'jwk',
    });
  });

  it('takes nothing that is not signed, and nothing of another signer', () => {
    const trust = isolated(leafOf(SIGNER));
    expect(refusalOf(() => openPolicyDocument(wrapPolicy(TEXT), trust))).toEqual({
      code: 'POLICY_DOCUMENT_UNSIGNED',
      field: 'alg',
    });
    expect(refusalOf(() => openPolicyDocument(signPolicy(TEXT, OTHER), trust))).toEqual({
      code: 'POLICY_DOCUMENT_SIGNER',
      field: 'x5c[0]',
    });
  });

  describe('with a chain', () => {
    const [leaf, intermediate, root] = rsaChain(KEY, OTHER_KEY, THIRD_KEY);
    const withChain = (...chain: readonly Certificate[]): string =>
      handMade({ alg: 'RS256', x5c: x5c(...chain) }, policyPart(), SIGNER);
    const open = (jws: string, ...signers: readonly Certificate[]) =>
      refusalOf(() => openPolicyDocument(jws, isolated(...signers)));

    it.each([
      ['its leaf', leaf],
      ['its intermediate', intermediate],
      ['its root', root],
    ])('is trusted for %s', (_name, signer) => {
      expect(open(withChain(leaf, intermediate, root), signer)).toEqual({});
    });

    it('that ends below the configured signer is refused', () => {
      expect(open(withChain(leaf, intermediate), root)).toEqual({
        code: 'POLICY_DOCUMENT_SIGNER',
        field: 'x5c[1]',
      });
    });

    it('to which the configured certificate was only added is refused', () => {
      expect(open(withChain(leaf, leafOf(OTHER)), leafOf(OTHER))).toEqual({
        code: 'POLICY_DOCUMENT_SIGNER',
        field: 'x5c[1]',
      });
      expect(open(withChain(leaf, root), root)).toEqual({
        code: 'POLICY_DOCUMENT_SIGNER',
        field: 'x5c[1]',
      });
    });

    it('whose signature by the next one does not verify is refused', () => {
      const [, impostor] = rsaChain(KEY, THIRD_KEY, OTHER_KEY);
      expect(open(withChain(leaf, impostor), impostor)).toEqual({
        code: 'POLICY_DOCUMENT_SIGNER',
        field: 'x5c[1]',
      });
    });

    it('with a certificate past its date below the configured one is refused', () => {
      const late = new Date(NOT_AFTER.getTime() + 1000);
      const trust: DocumentTrust = { model: 'isolated', signers: [root], at: late };
      const jws = withChain(leaf, intermediate, root);
      expect(refusalOf(() => openPolicyDocument(jws, trust)).field).toBe('x5c[0]');
      expect(refusalOf(() => openPolicyDocument(jws, { ...trust, signers: [leaf] }))).toEqual({});
    });
  });
});

describe('a reset', () => {
  it('is empty, and signed where signatures are asked for', () => {
    const trust = isolated(leafOf(SIGNER));
    expect(openResetDocument(RESET_DOCUMENT, AAD)).toMatchObject({ jws: 'eyJhbGciOiJub25lIn0..' });
    expect(openResetDocument(signReset(SIGNER), trust).signer).toBeDefined();
    expect(refusalOf(() => openResetDocument(RESET_DOCUMENT, trust)).code).toBe(
      'POLICY_DOCUMENT_UNSIGNED',
    );
    expect(refusalOf(() => openResetDocument(wrapPolicy(TEXT), AAD))).toEqual({
      code: 'POLICY_DOCUMENT_MALFORMED',
      field: 'payload',
    });
  });
});

describe('a change of signers', () => {
  const added = leafOf(OTHER);
  const trust = isolated(leafOf(SIGNER));

  it('names a certificate, signed by one who may', () => {
    const change = openSignerChange(signSignerChange(added, SIGNER), trust);
    expect(change.certificate.der).toEqual(added.der);
    expect(refusalOf(() => openSignerChange(signSignerChange(added, OTHER), trust)).code).toBe(
      'POLICY_DOCUMENT_SIGNER',
    );
  });

  it.each([
    'policyCertificate',
    'maa-policyCertificate',
    'aas-policyCertificate',
    'x-ms-policyCertificate',
  ])('may call it %s, and carry times', (name) => {
    const payload = part({ [name]: certificateJwk(added), iat: 1, nbf: 1, exp: 2 });
    const jws = handMade({ alg: 'RS256', x5c: x5c(leafOf(SIGNER)) }, payload, SIGNER);
    expect(openSignerChange(jws, trust).certificate.der).toEqual(added.der);
  });

  const jwk = certificateJwk(added);
  const short = selfSigned(rsaKey(1024));
  it.each<[string, object, string, string]>([
    ['no certificate', {}, 'POLICY_DOCUMENT_MALFORMED', 'policyCertificate'],
    [
      'two certificates',
      { policyCertificate: jwk, 'aas-policyCertificate': jwk },
      'POLICY_DOCUMENT_MALFORMED',
      'policyCertificate',
    ],
    [
      'a certificate that is text',
      { policyCertificate: 'a' },
      'POLICY_DOCUMENT_MALFORMED',
      'policyCertificate',
    ],
    [
      'a key without its type',
      { policyCertificate: { x5c: jwk['x5c'] } },
      'POLICY_DOCUMENT_MALFORMED',
      'policyCertificate',
    ],
    [
      'a key without a certificate',
      { policyCertificate: { kty: 'RSA' } },
      'POLICY_DOCUMENT_MALFORMED',
      'policyCertificate',
    ],
    [
      'an empty list',
      { policyCertificate: { kty: 'RSA', x5c: [] } },
      'POLICY_DOCUMENT_HEADER',
      'policyCertificate.x5c[0]',
    ],
    [
      'a key that could never sign',
      { policyCertificate: certificateJwk(short) },
      'POLICY_DOCUMENT_MALFORMED',
      'policyCertificate.x5c[0]',
    ],
  ])('with %s is refused', (_name, payload, code, field) => {
    const jws = handMade({ alg: 'RS256', x5c: x5c(leafOf(SIGNER)) }, part(payload), SIGNER);
    expect(refusalOf(() => openSignerChange(jws, trust))).toEqual({ code, field });
  });

  it('adds once, removes at most, and leaves one', () => {
    const one = [leafOf(SIGNER)];
    const two = addSigner(one, added);
    expect(two).toHaveLength(2);
    expect(addSigner(two, added)).toHaveLength(2);
    expect(removeSigner(two, added)).toEqual(one);
    expect(removeSigner(one, added)).toEqual(one);
    expect(refusalOf(() => removeSigner(one, leafOf(SIGNER))).code).toBe(
      'POLICY_DOCUMENT_LAST_SIGNER',
    );
  });

  it('has a thumbprint as tools print it', () => {
    expect(certificateThumbprint(added)).toMatch(/^[0-9A-F]{40}$/);
  });
});

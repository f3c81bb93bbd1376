import { createHmac } from 'node:crypto';
import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import {
  AAD,
  handMade,
  isolated,
  leafOf,
  part,
  policyPart,
  refusalOf,
  x5c,
} from './__fixtures__/documents';
import { rsaKey, rsaSigner } from './__fixtures__/signers';
import { openPolicyDocument } from './index';

const SIGNER = rsaSigner(rsaKey());
const STRANGER = rsaSigner(rsaKey(), 'stranger');
const leaf = leafOf(SIGNER);
const GOOD = handMade({ alg: 'RS256', x5c: x5c(leaf) }, policyPart(), SIGNER);
const OURS = isolated(leaf);
const codeOf = (jws: string, trust = AAD) => refusalOf(() => openPolicyDocument(jws, trust)).code;

it('is taken as it was signed', () => {
  expect(codeOf(GOOD, OURS)).toBeUndefined();
});

describe.each(['None', 'nOnE', 'NONE', 'HS256', 'RSA1_5', ''])('alg %j', (alg) => {
  it.each([
    ['', 'POLICY_DOCUMENT_MALFORMED'],
    ['AAAA', 'POLICY_DOCUMENT_ALGORITHM'],
  ])('with the signature %j is refused', (signature, code) => {
    expect(codeOf(`${part({ alg })}.${policyPart()}.${signature}`)).toBe(code);
  });
});

it('a MAC under the public key is refused', () => {
  const input = `${part({ alg: 'HS256', x5c: x5c(leaf) })}.${policyPart()}`;
  const mac = createHmac('sha256', leaf.der).update(input).digest();
  expect(codeOf(`${input}.${toBase64Url(mac)}`, OURS)).toBe('POLICY_DOCUMENT_ALGORITHM');
});

it.each([
  ['b64', { b64: false }, 'POLICY_DOCUMENT_HEADER'],
  ['another hash than the one signed', { alg: 'RS384' }, 'POLICY_DOCUMENT_ALGORITHM'],
  ['another padding than the one signed', { alg: 'PS256' }, 'POLICY_DOCUMENT_ALGORITHM'],
  ['a key that is no object', { jwk: [] }, 'POLICY_DOCUMENT_HEADER'],
])('a header with %s is refused', (_name, changes, code) => {
  const header = { alg: 'RS256', x5c: x5c(leaf), ...changes };
  expect(codeOf(handMade(header, policyPart(), SIGNER), OURS)).toBe(code);
});

it('a configured certificate over the signature of a stranger is refused', () => {
  const jws = handMade({ alg: 'RS256', x5c: x5c(leaf) }, policyPart(), STRANGER);
  expect(codeOf(jws, OURS)).toBe('POLICY_DOCUMENT_SIGNATURE');
});

it('a configured certificate beside the key of a stranger is refused', () => {
  const jwk = leafOf(STRANGER).publicKey.export({ format: 'jwk' });
  const jws = handMade({ alg: 'RS256', x5c: x5c(leaf), jwk }, policyPart(), STRANGER);
  expect(codeOf(jws, OURS)).toBe('POLICY_DOCUMENT_HEADER');
});

const doubled = toBase64Url(fromUtf8('{"alg":"none","alg":"RS256"}'));
it.each<[string, (jws: string) => string, string]>([
  ['a second alg', (jws) => jws.replace(/^[^.]+/, doubled), 'POLICY_DOCUMENT_MALFORMED'],
  ['padding', (jws) => jws.replace('.', '=.'), 'POLICY_DOCUMENT_MALFORMED'],
  ['trailing bytes', (jws) => `${jws}AA`, 'POLICY_DOCUMENT_SIGNATURE'],
  ['a fourth part', (jws) => `${jws}.`, 'POLICY_DOCUMENT_MALFORMED'],
  ['two parts', (jws) => jws.slice(0, jws.lastIndexOf('.')), 'POLICY_DOCUMENT_MALFORMED'],
  [
    'another payload',
    (jws) => jws.replace(/\.[^.]+\./, `.${policyPart('version=1.0;')}.`),
    'POLICY_DOCUMENT_SIGNATURE',
  ],
  [
    'alg none and the signature left on',
    (jws) => jws.replace(/^[^.]+/, part({ alg: 'none' })),
    'POLICY_DOCUMENT_MALFORMED',
  ],
  ['no period', () => 'text', 'POLICY_DOCUMENT_MALFORMED'],
])('a document with %s is refused', (_name, spoil, code) => {
  expect(codeOf(spoil(GOOD))).toBe(code);
});

import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { rsaCertificateChain } from '@touchstone/pki';
import {
  aSigner,
  part,
  policyBody,
  signedBy,
  unsigned,
  x5cOf,
  type PolicySigner,
} from './__fixtures__/policy-signers';
import { acceptStatement, statementSigner, type StatementTrust } from './signed-statement';

const AAD: StatementTrust = { trustModel: 'AAD', signers: [] };

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
  return undefined;
}

describe('acceptStatement', () => {
  let owner: PolicySigner;
  let stranger: PolicySigner;
  let isolated: StatementTrust;

  beforeAll(() => {
    owner = aSigner('owner');
    stranger = aSigner('stranger');
    isolated = { trustModel: 'Isolated', signers: [owner.certificate] };
  });

  it('takes an unsigned statement where nobody has to sign', () => {
    expect(acceptStatement(unsigned(policyBody()), AAD)).toEqual({
      payload: fromUtf8(JSON.stringify(policyBody())),
    });
  });

  it('takes the empty statement of a reset', () => {
    expect(acceptStatement('eyJhbGciOiJub25lIn0..', AAD).payload).toHaveLength(0);
  });

  it('names the signer, whoever it is, where nobody has to sign', () => {
    const jws = signedBy(stranger, policyBody());
    const jwk = { alg: 'RS256', kty: 'RSA', use: 'sig', x5c: x5cOf(stranger.certificate) };
    expect(acceptStatement(jws, AAD).signer).toEqual(jwk);
    expect(statementSigner(jws)).toEqual(jwk);
  });

  it('takes a signature by an elliptic key in a JWK', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const input = `${part({ alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) })}.${part('{}')}`;
    const signature = sign('sha256', fromUtf8(input), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    expect(acceptStatement(`${input}.${toBase64Url(signature)}`, AAD).signer).toMatchObject({
      alg: 'ES256',
      kty: 'EC',
      crv: 'P-256',
    });
  });

  describe('for an isolated provider', () => {
    it('takes what one of its certificates signed', () => {
      expect(acceptStatement(signedBy(owner, policyBody()), isolated).signer).toBeDefined();
    });

    it('takes what the key of one of its certificates signed under a JWK', () => {
      const { n, e } = owner.privateKey.export({ format: 'jwk' });
      const jws = signedBy(owner, '{}', { x5c: undefined, jwk: { kty: 'RSA', n, e } });
      expect(acceptStatement(jws, isolated).signer).toMatchObject({ kty: 'RSA', n });
    });

    it('takes what a chain signed that leads to one of its certificates', () => {
      const parties = ['leaf', 'intermediate', 'root'].map((commonName) => ({
        commonName,
        signer: aSigner(commonName),
        serial: Uint8Array.of(commonName.length),
      }));
      const [leaf, intermediate, root] = parties.map(({ signer, ...party }) => ({
        ...party,
        dnsNames: ['policy.example'],
        privateKeyPkcs8: new Uint8Array(signer.privateKey.export({ format: 'der', type: 'pkcs8' })),
      }));
      const [key] = parties;
      if (!leaf || !intermediate || !root || !key) throw new Error('three parties');
      const chain = rsaCertificateChain({
        leaf,
        intermediate,
        root,
        notBefore: new Date('2024-01-01T00:00:00Z'),
        notAfter: new Date('2034-01-01T00:00:00Z'),
      });
      const trust: StatementTrust = { trustModel: 'Isolated', signers: [chain[2]] };
      const jws = (...certificates: Uint8Array[]) =>
        signedBy(key.signer, '{}', { x5c: x5cOf(...certificates) });
      expect(codeOf(() => acceptStatement(jws(...chain), trust))).toBeUndefined();
      // Without its middle it is no chain; without its root it leads nowhere.
      expect(codeOf(() => acceptStatement(jws(chain[0], chain[2]), trust))).toBe(
        'ATTESTATION_STATEMENT_INVALID',
      );
      expect(codeOf(() => acceptStatement(jws(chain[0], chain[1]), trust))).toBe(
        'ATTESTATION_STATEMENT_SIGNER',
      );
    });

    it.each([
      ['an unsigned one', () => unsigned(policyBody())],
      ['a stranger’s', () => signedBy(stranger, policyBody())],
    ])('refuses %s', (_name, jws) => {
      expect(codeOf(() => acceptStatement(jws(), isolated))).toBe('ATTESTATION_STATEMENT_SIGNER');
    });

    it('refuses a stranger’s leaf that has a configured certificate put behind it', () => {
      const x5c = x5cOf(stranger.certificate, owner.certificate);
      expect(codeOf(() => acceptStatement(signedBy(stranger, '{}', { x5c }), isolated))).toBe(
        'ATTESTATION_STATEMENT_INVALID',
      );
    });

    it('refuses a configured certificate over a stranger’s signature', () => {
      const x5c = x5cOf(owner.certificate);
      expect(codeOf(() => acceptStatement(signedBy(stranger, '{}', { x5c }), isolated))).toBe(
        'ATTESTATION_STATEMENT_INVALID',
      );
    });

    it('refuses a certificate that says one key and a JWK that says another', () => {
      const { n, e } = stranger.privateKey.export({ format: 'jwk' });
      const jws = signedBy(stranger, '{}', {
        x5c: x5cOf(owner.certificate),
        jwk: { kty: 'RSA', n, e },
      });
      expect(codeOf(() => acceptStatement(jws, isolated))).toBe('ATTESTATION_STATEMENT_INVALID');
    });
  });

  it.each(['None', 'nOnE', 'NONE', 'HS256', 'RSA1_5', ''])('refuses alg %j', (alg) => {
    for (const signature of ['', 'AAAA']) {
      const jws = `${part({ alg })}.${part(policyBody())}.${signature}`;
      expect(codeOf(() => acceptStatement(jws, AAD))).toBe('ATTESTATION_STATEMENT_INVALID');
    }
  });

  it('refuses a MAC under the public key', () => {
    const input = `${part({ alg: 'HS256', x5c: x5cOf(owner.certificate) })}.${part('{}')}`;
    const mac = createHmac('sha256', owner.certificate).update(input).digest();
    expect(codeOf(() => acceptStatement(`${input}.${toBase64Url(mac)}`, isolated))).toBe(
      'ATTESTATION_STATEMENT_INVALID',
    );
  });

  it.each([
    ['crit', { crit: ['exp'] }],
    ['jku', { jku: 'https://evil.example/certs' }],
    ['x5u', { x5u: 'https://evil.example/cert' }],
    ['cty', { cty: 'JWT' }],
    ['b64', { b64: false }],
    ['another typ', { typ: 'JOSE' }],
    ['a private JWK', { x5c: undefined, jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' } }],
    ['a symmetric JWK', { x5c: undefined, jwk: { kty: 'oct', k: 'AAAA' } }],
    ['no key at all', { x5c: undefined }],
    ['an empty x5c', { x5c: [] }],
    ['an x5c of text', { x5c: 'text' }],
    ['an x5c of something else', { x5c: ['AAAA'] }],
    ['an algorithm for another key', { alg: 'ES256' }],
    ['another hash than the one signed', { alg: 'RS384' }],
    ['another padding than the one signed', { alg: 'PS256' }],
  ])('refuses a header with %s', (_name, header) => {
    expect(codeOf(() => acceptStatement(signedBy(owner, '{}', header), isolated))).toBe(
      'ATTESTATION_STATEMENT_INVALID',
    );
  });

  it.each([
    ['a second alg', (jws: string) => jws.replace(/^[^.]+/, part('{"alg":"none","alg":"RS256"}'))],
    ['padding', (jws: string) => jws.replace('.', '=.')],
    ['trailing bytes', (jws: string) => `${jws}AA`],
    ['a fourth part', (jws: string) => `${jws}.`],
    ['two parts', (jws: string) => jws.slice(0, jws.lastIndexOf('.'))],
    ['another payload', (jws: string) => jws.replace(/\.[^.]+\./, `.${part('{"a":1}')}.`)],
    [
      'alg none and the signature left on',
      (jws: string) => jws.replace(/^[^.]+/, part({ alg: 'none' })),
    ],
    ['no period', () => 'text'],
  ])('refuses a statement with %s', (_name, spoil) => {
    expect(codeOf(() => acceptStatement(spoil(signedBy(owner, '{}')), AAD))).toBe(
      'ATTESTATION_STATEMENT_INVALID',
    );
  });
});

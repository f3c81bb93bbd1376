import type { AttestationProviderStore } from '@touchstone/ports';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { SECONDS, aLocation, aProvider, newSigner, ownTokens } from './__fixtures__/own-tokens';
import {
  POLICY_TEXT,
  aRecord,
  aSigner,
  memoryProviders,
  policyBody,
  signedBy,
  unsigned,
  x5cOf,
} from './__fixtures__/policy-signers';
import { createPreviewOwner, type PreviewOwner } from './preview-owner';
import { createProviderChanges } from './provider-changes';
import type { Location } from './providers';
import { createStoredPolicies } from './stored-policy';

const { clock, ownToken, token } = ownTokens(newSigner());
const first = aSigner('first');
const second = aSigner('second');
const JWS = unsigned(policyBody());
const claimsIn = (jwt: string) => jwtClaims(parseCompactJws(jwt));

describe('createPreviewOwner', () => {
  let owner: PreviewOwner;
  let store: AttestationProviderStore;

  function given(record = aRecord()): void {
    store = memoryProviders(record);
    owner = createPreviewOwner({
      changes: createProviderChanges({ store, clock }),
      issueResult: async ({ claims }) => token(claims),
      ownToken,
    });
  }
  const stored = async () => (await store.find('contoso'))?.policies ?? {};
  const at = async (): Promise<Location> => aLocation(aProvider(await store.find('contoso')));

  beforeEach(() => given());

  it('sets in two steps what today’s dialect would set in one', async () => {
    const prepared = await owner.prepare(await at(), 'SgxEnclave', JWS);
    expect(claimsIn(prepared)['aas-policyHash']).toBe(
      'c6sEJQItV50OeP9IrP_bzywAMOVvj5uDPbklA_bwdYQ',
    );
    expect(await stored()).toEqual({});
    await owner.set(await at(), 'SgxEnclave', prepared);
    expect(await stored()).toEqual({ SgxEnclave: JWS });
    expect(await owner.policy(await at(), 'SgxEnclave')).toBe(JWS);
  });

  it('sets a policy that comes without a first step', async () => {
    await owner.set(await at(), 'OpenEnclave', JWS);
    expect(await stored()).toEqual({ OpenEnclave: JWS });
  });

  it('takes a policy that is plain text, which is in force then', async () => {
    await owner.set(await at(), 'SgxEnclave', unsigned({ AttestationPolicy: POLICY_TEXT }));
    const { provider } = await at();
    const { hash } = await createStoredPolicies().active(provider, 'SgxEnclave');
    expect(hash).toBe('z0FRjKS0ssQTNur1V6BV8WIrh9M3fzgTo0EfHRvapWU');
  });

  it('names the certificate of a signer', async () => {
    const prepared = await owner.prepare(await at(), 'SgxEnclave', signedBy(first, policyBody()));
    expect(claimsIn(prepared)).toMatchObject({
      'aas-policySigningCertificate': { kty: 'RSA', x5c: x5cOf(first.certificate) },
    });
  });

  it('resets', async () => {
    await owner.set(await at(), 'SgxEnclave', JWS);
    const answer = await owner.reset(await at(), 'SgxEnclave', unsigned());
    expect(claimsIn(answer)).toHaveProperty('aas-policyHash');
    expect(await stored()).toEqual({});
  });

  it.each<[string, string, string]>([
    ['a broken policy', unsigned(policyBody('version=1.0')), 'ATTESTATION_POLICY_SYNTAX'],
    ['a policy in JSON', unsigned(policyBody('{"$version":1}')), 'ATTESTATION_POLICY_SYNTAX'],
    ['no policy', unsigned({ text: 'x' }), 'ATTESTATION_STATEMENT_INVALID'],
    ['no document', 'text', 'ATTESTATION_STATEMENT_INVALID'],
  ])('takes %s in neither step', async (_name, jws, code) => {
    await expect(owner.prepare(await at(), 'SgxEnclave', jws)).rejects.toMatchObject({ code });
    await expect(owner.set(await at(), 'SgxEnclave', jws)).rejects.toMatchObject({ code });
    expect(await stored()).toEqual({});
  });

  describe('the second step', () => {
    const prepared = { tee: 'SgxEnclave', policy: JWS };

    it.each<[string, string, string]>([
      [
        'of another first step',
        token({ 'aas-preparedPolicy': { ...prepared, tee: 'OpenEnclave' } }),
        'ATTESTATION_STATEMENT_INVALID',
      ],
      [
        'that is too late',
        token({ 'aas-preparedPolicy': prepared, exp: SECONDS }),
        'ATTESTATION_STATEMENT_INVALID',
      ],
      [
        'that somebody else signed',
        token({ 'aas-preparedPolicy': prepared }, newSigner()),
        'ATTESTATION_TOKEN_FOREIGN',
      ],
      [
        'that nobody signed',
        unsigned({ 'aas-preparedPolicy': prepared }),
        'ATTESTATION_TOKEN_FOREIGN',
      ],
      [
        'with a token of the provider that is for something else',
        token({ 'x-ms-policy': JWS }),
        'ATTESTATION_STATEMENT_INVALID',
      ],
    ])('%s sets nothing', async (_name, jwt, code) => {
      await expect(owner.set(await at(), 'SgxEnclave', jwt)).rejects.toMatchObject({ code });
      expect(await stored()).toEqual({});
    });

    it('judges anew: a signer that was removed meanwhile sets nothing', async () => {
      const signers = [first.certificate, second.certificate];
      given(aRecord({ trustModel: 'Isolated', signers }));
      const jws = await owner.prepare(await at(), 'SgxEnclave', signedBy(first, policyBody()));
      const removal = { 'aas-policyCertificate': { kty: 'RSA', x5c: x5cOf(first.certificate) } };
      const answer = await owner.removeCertificate(await at(), signedBy(second, removal));
      expect(claimsIn(answer)).toMatchObject({
        'aas-policyCertificates': { keys: [{ x5c: x5cOf(second.certificate) }] },
      });
      await expect(owner.set(await at(), 'SgxEnclave', jws)).rejects.toMatchObject({
        code: 'ATTESTATION_STATEMENT_SIGNER',
      });
    });
  });

  it('shows and adds certificates of an isolated provider', async () => {
    given(aRecord({ trustModel: 'Isolated', signers: [first.certificate] }));
    const adding = { 'maa-policyCertificate': { kty: 'RSA', x5c: x5cOf(second.certificate) } };
    const added = claimsIn(await owner.addCertificate(await at(), signedBy(first, adding)));
    expect(added).toEqual(claimsIn(await owner.certificates(await at())));
    expect(added).toMatchObject({
      'aas-policyCertificates': {
        keys: [{ x5c: x5cOf(first.certificate) }, { x5c: x5cOf(second.certificate) }],
      },
    });
  });
});

import type { AttestationProviderRecord, AttestationProviderStore } from '@touchstone/ports';
import { policyHash } from '@touchstone/appraisal';
import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import {
  POLICY_TEXT,
  aRecord,
  aSigner,
  memoryProviders,
  policyBody,
  signedBy,
  unsigned,
  x5cOf,
  type PolicySigner,
} from './__fixtures__/policy-signers';
import { createProviderChanges } from './provider-changes';
import { createProviderOwner, type ProviderOwner } from './provider-owner';
import { DEFAULT_PROVIDERS, type Location } from './providers';
import { DEFAULT_POLICY_JWS, createStoredPolicies } from './stored-policy';

const [shared] = DEFAULT_PROVIDERS;
if (!shared) throw new Error('there are shared providers');
const NOW = new Date('2026-01-01T00:00:00Z');
const issueResult = async ({ claims }: { claims: object }) => JSON.stringify(claims);
const claimsOf = async (token: Promise<string>): Promise<Record<string, unknown>> =>
  JSON.parse(await token) as Record<string, unknown>;

describe('createProviderOwner', () => {
  let owner: ProviderOwner;
  let store: AttestationProviderStore;
  let first: PolicySigner;
  let second: PolicySigner;

  beforeAll(() => {
    first = aSigner('first');
    second = aSigner('second');
  });

  function given(record: AttestationProviderRecord): void {
    store = memoryProviders(record);
    const changes = createProviderChanges({ store, clock: { now: () => NOW } });
    owner = createProviderOwner({ changes, issueResult });
  }
  const stored = async (): Promise<AttestationProviderRecord> => {
    const record = await store.find('contoso');
    if (!record) throw new Error('it is gone');
    return record;
  };
  const at = async (): Promise<Location> => {
    const record = await stored();
    const provider = { name: record.name, region: record.region, host: 'h', record };
    return { provider, issuer: 'https://h', path: '/' };
  };

  describe('policies', () => {
    // Hashes as the live service answered them.
    const jws = unsigned(policyBody());

    beforeEach(() => given(aRecord()));

    it('are the default one at first', async () => {
      expect(await claimsOf(owner.policy(await at(), 'SgxEnclave'))).toEqual({
        'x-ms-policy': DEFAULT_POLICY_JWS,
      });
    });

    it('are set, hashed and shown as they came', async () => {
      expect(await claimsOf(owner.setPolicy(await at(), 'SgxEnclave', jws))).toEqual({
        'x-ms-policy-result': 'Updated',
        'x-ms-policy-token-hash': 'c6sEJQItV50OeP9IrP_bzywAMOVvj5uDPbklA_bwdYQ',
      });
      expect(await claimsOf(owner.policy(await at(), 'SgxEnclave'))).toEqual({
        'x-ms-policy': jws,
      });
      expect(await claimsOf(owner.policy(await at(), 'OpenEnclave'))).toEqual({
        'x-ms-policy': DEFAULT_POLICY_JWS,
      });
    });

    it('are in force at once', async () => {
      const policies = createStoredPolicies();
      const hash = async () => (await policies.active((await at()).provider, 'SgxEnclave')).hash;
      expect(await hash()).toBe(policyHash(DEFAULT_SGX_POLICY));
      await owner.setPolicy(await at(), 'SgxEnclave', jws);
      expect(await hash()).toBe(policyHash(POLICY_TEXT));
      await owner.resetPolicy(await at(), 'SgxEnclave', unsigned());
      expect(await hash()).toBe(policyHash(DEFAULT_SGX_POLICY));
    });

    it('name their signer, in the answer and in force', async () => {
      const signer = { alg: 'RS256', kty: 'RSA', use: 'sig', x5c: x5cOf(first.certificate) };
      const signed = signedBy(first, policyBody());
      expect(await claimsOf(owner.setPolicy(await at(), 'SgxEnclave', signed))).toMatchObject({
        'x-ms-policy-signer': signer,
      });
      const active = await createStoredPolicies().active((await at()).provider, 'SgxEnclave');
      expect(active.signer).toEqual(signer);
    });

    it.each([
      ['no policy', unsigned({ text: 'x' }), 'ATTESTATION_STATEMENT_INVALID'],
      ['plain text', unsigned({ AttestationPolicy: POLICY_TEXT }), 'ATTESTATION_STATEMENT_INVALID'],
      ['no JSON', unsigned('text'), 'ATTESTATION_STATEMENT_INVALID'],
      [
        'a policy twice',
        unsigned('{"AttestationPolicy":"","AttestationPolicy":""}'),
        'ATTESTATION_STATEMENT_INVALID',
      ],
      ['a broken policy', unsigned(policyBody('version=1.0')), 'ATTESTATION_POLICY_SYNTAX'],
    ])('stay as they are when there is %s', async (_name, sent, code) => {
      await expect(owner.setPolicy(await at(), 'SgxEnclave', sent)).rejects.toMatchObject({ code });
      expect((await stored()).policies).toEqual({});
    });

    it('are not reset by a token that was made to set one', async () => {
      await owner.setPolicy(await at(), 'SgxEnclave', jws);
      await expect(owner.resetPolicy(await at(), 'SgxEnclave', jws)).rejects.toMatchObject({
        code: 'ATTESTATION_STATEMENT_INVALID',
      });
      expect((await stored()).policies).toEqual({ SgxEnclave: jws });
    });

    it('of shared providers stay', async () => {
      const location = { provider: shared, issuer: 'https://h', path: '/' };
      for (const work of [owner.setPolicy, owner.resetPolicy])
        await expect(work(location, 'SgxEnclave', jws)).rejects.toMatchObject({
          code: 'ATTESTATION_OPERATION_DISALLOWED',
        });
    });

    it('of a provider that was deleted and made again are not touched', async () => {
      const before = await at();
      await store.remove('id-1');
      await store.add(aRecord({ id: 'id-2' }));
      await expect(owner.setPolicy(before, 'SgxEnclave', jws)).rejects.toMatchObject({
        code: 'ATTESTATION_CONFLICT',
      });
      expect((await stored()).policies).toEqual({});
    });

    it('of two types are both kept when they come at once', async () => {
      const location = await at();
      await Promise.all([
        owner.setPolicy(location, 'SgxEnclave', jws),
        owner.setPolicy(location, 'OpenEnclave', jws),
      ]);
      expect((await stored()).policies).toEqual({ SgxEnclave: jws, OpenEnclave: jws });
    });
  });

  describe('certificates of an isolated provider', () => {
    const adding = (signer: PolicySigner, certificate: Uint8Array, name = 'policyCertificate') =>
      signedBy(signer, { [name]: { kty: 'RSA', x5c: x5cOf(certificate) } });

    beforeEach(() => given(aRecord({ trustModel: 'Isolated', signers: [first.certificate] })));

    it('are shown', async () => {
      expect(await claimsOf(owner.certificates(await at()))).toEqual({
        'x-ms-policy-certificates': {
          keys: [{ alg: 'RS256', kty: 'RSA', use: 'sig', x5c: x5cOf(first.certificate) }],
        },
      });
    });

    it.each([
      'policyCertificate',
      'maa-policyCertificate',
      'aas-policyCertificate',
      'x-ms-policyCertificate',
    ])('are added by a signer, as %s', async (name) => {
      const jws = adding(first, second.certificate, name);
      expect(await claimsOf(owner.addCertificate(await at(), jws))).toMatchObject({
        'x-ms-policycertificates-result': 'IsPresent',
        'x-ms-certificate-thumbprint': expect.stringMatching(/^[0-9A-F]{40}$/),
      });
      expect((await stored()).signers).toEqual([first.certificate, second.certificate]);
    });

    it('are there once, however often they are added', async () => {
      await owner.addCertificate(await at(), adding(first, first.certificate));
      expect((await stored()).signers).toEqual([first.certificate]);
    });

    it('are removed by a signer, which then signs nothing more', async () => {
      await owner.addCertificate(await at(), adding(first, second.certificate));
      const jws = adding(second, first.certificate);
      expect(await claimsOf(owner.removeCertificate(await at(), jws))).toMatchObject({
        'x-ms-policycertificates-result': 'IsAbsent',
      });
      await expect(
        owner.setPolicy(await at(), 'SgxEnclave', signedBy(first, policyBody())),
      ).rejects.toMatchObject({ code: 'ATTESTATION_STATEMENT_SIGNER' });
    });

    it('keep their last one, also when each of two is removed at once', async () => {
      await expect(
        owner.removeCertificate(await at(), adding(first, first.certificate)),
      ).rejects.toMatchObject({ code: 'ATTESTATION_OPERATION_DISALLOWED' });
      await owner.addCertificate(await at(), adding(first, second.certificate));
      const location = await at();
      await Promise.allSettled([
        owner.removeCertificate(location, adding(first, second.certificate)),
        owner.removeCertificate(location, adding(second, first.certificate)),
      ]);
      expect((await stored()).signers).toHaveLength(1);
    });

    it.each([
      ['a stranger', () => adding(second, second.certificate), 'ATTESTATION_STATEMENT_SIGNER'],
      [
        'nobody',
        () => unsigned({ policyCertificate: { kty: 'RSA', x5c: x5cOf(second.certificate) } }),
        'ATTESTATION_STATEMENT_SIGNER',
      ],
      [
        'a signer without a certificate',
        () => signedBy(first, {}),
        'ATTESTATION_STATEMENT_INVALID',
      ],
      [
        'a signer of a policy',
        () => signedBy(first, policyBody()),
        'ATTESTATION_STATEMENT_INVALID',
      ],
    ])('are not added by %s', async (_name, jws, code) => {
      await expect(owner.addCertificate(await at(), jws())).rejects.toMatchObject({ code });
    });
  });

  it('takes no certificates for a provider that is not isolated', async () => {
    given(aRecord());
    const jws = signedBy(first, {
      policyCertificate: { kty: 'RSA', x5c: x5cOf(first.certificate) },
    });
    await expect(owner.addCertificate(await at(), jws)).rejects.toMatchObject({
      code: 'ATTESTATION_OPERATION_DISALLOWED',
    });
  });
});

import {
  AttestationAdministrationClient,
  AttestationClient,
  KnownAttestationType,
} from '@azure/attestation';
import { openBench, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { aPolicyOwner } from './policy-owner';

jest.setTimeout(120_000);

const POLICY = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';
const DENYING = 'version=1.0; authorizationrules{=> deny();}; issuancerules{};';
const { SgxEnclave } = KnownAttestationType;

describe('@azure/attestation, for owners of providers', () => {
  let bench: Bench;
  const owner = aPolicyOwner('owner');
  const deputy = aPolicyOwner('deputy');

  function optionsFor(name: string) {
    return {
      tlsOptions: { ca: bench.ca.pem },
      retryOptions: { maxRetries: 0 },
      validationOptions: {
        validateToken: true,
        validateIssuer: true,
        expectedIssuer: bench.provider(name),
        validateNotBeforeTime: true,
        validateExpirationTime: true,
        timeValidationSlack: 2,
      },
    };
  }
  const clientFor = (name: string) =>
    new AttestationAdministrationClient(
      bench.provider(name),
      credentialOf(bench),
      optionsFor(name),
    );
  const attest = (name: string) =>
    new AttestationClient(bench.provider(name), optionsFor(name)).attestSgxEnclave(
      aBoundQuote(bench.platform),
    );

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
    await makeProvider(bench, 'isolated', owner.certificate);
  });
  afterAll(() => bench.close());

  it('reads the default policy of a shared provider, and cannot change it', async () => {
    const client = clientFor('sharedeus2');
    expect((await client.getPolicy(SgxEnclave)).body).toContain('version= 1.0;authorizationrules');
    await expect(client.setPolicy(SgxEnclave, POLICY)).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidOperation',
    });
  });

  it('sets an unsigned policy, which is in force at once, and resets it', async () => {
    const client = clientFor('contoso');
    const { body } = await client.setPolicy(SgxEnclave, DENYING);
    expect(body.policyResolution).toBe('Updated');
    expect((await client.getPolicy(SgxEnclave)).body).toBe(DENYING);
    await expect(attest('contoso')).rejects.toMatchObject({ code: 'PolicyEvaluationError' });
    expect((await client.resetPolicy(SgxEnclave)).body.policyResolution).toBe('Removed');
    expect((await attest('contoso')).body.isDebuggable).toBe(false);
  });

  it('sets a signed policy, and tokens name its signer', async () => {
    const client = clientFor('contoso');
    const { body } = await client.setPolicy(SgxEnclave, POLICY, deputy);
    expect(body.policySigner?.certificates).toHaveLength(1);
    const attested = await attest('contoso');
    expect(attested.body.policyHash).toBeDefined();
    expect((await client.getPolicy(SgxEnclave)).body).toBe(POLICY);
  });

  it('keeps policies over a restart', async () => {
    await clientFor('contoso').setPolicy(SgxEnclave, DENYING);
    await bench.restart();
    expect((await clientFor('contoso').getPolicy(SgxEnclave)).body).toBe(DENYING);
    await expect(attest('contoso')).rejects.toMatchObject({ code: 'PolicyEvaluationError' });
  });

  it('is told where a policy is broken', async () => {
    const broken = clientFor('contoso').setPolicy(SgxEnclave, 'version=1.0; nonsense');
    await expect(broken).rejects.toMatchObject({
      statusCode: 400,
      code: 'PolicyParsingError',
      message: expect.stringContaining("Line: '1'"),
    });
  });

  it('has no certificates to change where a provider is not isolated', async () => {
    const client = clientFor('contoso');
    expect((await client.getPolicyManagementCertificates()).body).toEqual([]);
    const adding = client.addPolicyManagementCertificate(
      deputy.certificate,
      owner.privateKey,
      owner.certificate,
    );
    await expect(adding).rejects.toMatchObject({ statusCode: 400, code: 'InvalidOperation' });
  });

  it('needs a signature where it is, by a signer of the provider', async () => {
    const client = clientFor('isolated');
    for (const signer of [undefined, deputy])
      await expect(client.setPolicy(SgxEnclave, POLICY, signer)).rejects.toMatchObject({
        statusCode: 400,
        code: 'InvalidOperation',
      });
    expect((await client.setPolicy(SgxEnclave, POLICY, owner)).body.policyResolution).toBe(
      'Updated',
    );
    expect((await client.resetPolicy(SgxEnclave, owner)).body.policyResolution).toBe('Removed');
  });

  it('adds and removes certificates there, but not the last one', async () => {
    const client = clientFor('isolated');
    const { privateKey, certificate } = owner;
    const added = await client.addPolicyManagementCertificate(
      deputy.certificate,
      privateKey,
      certificate,
    );
    expect(added.body.certificateResolution).toBe('IsPresent');
    expect((await client.getPolicyManagementCertificates()).body).toHaveLength(2);
    const removed = await client.removePolicyManagementCertificate(
      deputy.certificate,
      privateKey,
      certificate,
    );
    expect(removed.body.certificateResolution).toBe('IsAbsent');
    expect(removed.body.certificateThumbprint).toBe(added.body.certificateThumbprint);
    await expect(
      client.removePolicyManagementCertificate(certificate, privateKey, certificate),
    ).rejects.toMatchObject({ statusCode: 400, code: 'InvalidOperation' });
  });
});

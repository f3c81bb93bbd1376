import {
  AttestationAdministrationClient,
  AttestationClient,
  KnownAttestationType,
  KnownPolicyModification,
  createAttestationPolicyToken,
  type AttestationToken,
} from '@azure/attestation';
import { concat, fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { policyHash } from '@touchstone/policy-document';
import { encodeOeReport } from '@touchstone/quote';
import { openBench, type Bench } from './bench';
import { RUNTIME_BYTES, RUNTIME_TEXT, aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { aPolicyOwner } from './policy-owner';

jest.setTimeout(120_000);

const { SgxEnclave, OpenEnclave, Tpm } = KnownAttestationType;
const ISSUING =
  'version=1.0; authorizationrules{=> permit();}; issuancerules{=> issue(type="tier", value="gold");};';
const INIT_TEXT = '{"model":"digits"}';
const INIT_BYTES = fromUtf8(INIT_TEXT);
const DIGESTS = [
  ...['qeidcertshash', 'qeidcrlhash', 'qeidhash', 'quotehash'],
  ...['tcbinfocertshash', 'tcbinfocrlhash', 'tcbinfohash'],
];

/** What the other suites do not drive of the client's public face. */
describe('the surface of @azure/attestation', () => {
  let bench: Bench;
  const owner = aPolicyOwner('owner');
  const seen: string[] = [];

  const optionsFor = (name: string) => ({
    tlsOptions: { ca: bench.ca.pem },
    retryOptions: { maxRetries: 0 },
    validationOptions: {
      validateToken: true,
      validateIssuer: true,
      expectedIssuer: bench.provider(name),
      validateNotBeforeTime: true,
      validateExpirationTime: true,
      timeValidationSlack: 2,
      validateAttestationToken: (token: AttestationToken) => {
        seen.push(token.serialize());
        return undefined;
      },
    },
  });
  const clientOf = (name: string) => new AttestationClient(bench.provider(name), optionsFor(name));
  const ownerOf = (name: string) =>
    new AttestationAdministrationClient(
      bench.provider(name),
      credentialOf(bench),
      optionsFor(name),
    );

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
  });
  afterAll(() => bench.close());

  /** Of an enclave with key separation and sharing, started with `INIT_TEXT`. */
  const startedQuote = () =>
    aBoundQuote(bench.platform, {
      manifest: {
        kss: {
          extendedProductId: new Uint8Array(16).fill(1),
          familyId: new Uint8Array(16).fill(2),
        },
      },
      configId: concat(sha256(INIT_BYTES), new Uint8Array(32)),
      configSvn: 5,
    });

  it('names every member of a token, and hands it to a validation of one’s own', async () => {
    const { token } = await clientOf('contoso').attestSgxEnclave(aBoundQuote(bench.platform));
    const [signer] = await clientOf('contoso').getAttestationSigners();
    expect(token).toMatchObject({
      algorithm: 'RS256',
      type: 'JWT',
      keyId: signer?.keyId,
      keyUrl: `${bench.provider('contoso')}/certs`,
      issuer: bench.provider('contoso'),
      critical: undefined,
      contentType: undefined,
      x509Url: undefined,
      certificateThumbprint: undefined,
    });
    expect(token.notBefore).toEqual(token.issuedAt);
    expect(Number(token.expiresOn) - Number(token.issuedAt)).toBe(8 * 3_600_000);
    expect(token.getBody()).toMatchObject({ 'x-ms-ver': '1.0' });
    expect(seen).toContain(token.serialize());
  });

  it('names every member of a result', async () => {
    await ownerOf('contoso').setPolicy(SgxEnclave, ISSUING);
    const { body } = await clientOf('contoso').attestSgxEnclave(aBoundQuote(bench.platform), {
      runTimeJson: RUNTIME_BYTES,
    });
    expect(body).toMatchObject({
      uniqueId: expect.stringMatching(/^[0-9a-f]{64}$/),
      runTimeClaims: JSON.parse(RUNTIME_TEXT) as unknown,
      policyClaims: { tier: 'gold' },
      policySigner: undefined,
      nonce: undefined,
    });
    expect(Buffer.from(body.policyHash).toString('base64url')).toBe(policyHash(ISSUING));
    expect(Object.keys(body.sgxCollateral ?? {}).sort()).toEqual(DIGESTS);
    await ownerOf('contoso').resetPolicy(SgxEnclave);
  });

  it.each([
    ['attestSgxEnclave', (quote: Uint8Array) => quote],
    ['attestOpenEnclave', encodeOeReport],
  ] as const)('%s takes data of the start, and of the run, in both forms', async (method, form) => {
    const evidence = form(startedQuote());
    const client = clientOf('contoso');
    const json = await client[method](evidence, {
      initTimeJson: INIT_BYTES,
      runTimeJson: RUNTIME_BYTES,
    });
    expect(json.body.initTimeClaims).toEqual({ model: 'digits' });
    expect(json.body.runTimeClaims).toEqual(JSON.parse(RUNTIME_TEXT));
    const binary = await client[method](evidence, {
      initTimeData: INIT_BYTES,
      runTimeData: RUNTIME_BYTES,
    });
    expect(binary.body.initTimeClaims).toBeUndefined();
    expect(new Uint8Array(binary.body.enclaveHeldData ?? [])).toEqual(RUNTIME_BYTES);
    expect(binary.token.getBody()).toMatchObject({
      'x-ms-sgx-config-id': `${toHex(sha256(INIT_BYTES))}${'00'.repeat(32)}`,
      'x-ms-sgx-config-svn': 5,
      'x-ms-sgx-isv-extended-product-id': '01'.repeat(16),
      'x-ms-sgx-isv-family-id': '02'.repeat(16),
    });
    const draft = await client[method](evidence, { draftPolicyForAttestation: ISSUING });
    expect(draft.token.algorithm).toBe('none');
    expect(draft.body.policyClaims).toEqual({ tier: 'gold' });
  });

  it.each(['attestSgxEnclave', 'attestOpenEnclave'] as const)(
    '%s refuses data that the enclave was not started with',
    async (method) => {
      const quote = startedQuote();
      const evidence = method === 'attestSgxEnclave' ? quote : encodeOeReport(quote);
      await expect(
        clientOf('contoso')[method](evidence, { initTimeJson: RUNTIME_BYTES }),
      ).rejects.toMatchObject({
        statusCode: 400,
        code: 'InvalidParameter',
        message: expect.stringContaining('InitTimeData does not match ConfigId in quote'),
      });
    },
  );

  it('attestTpm needs somebody who is known', async () => {
    await expect(
      clientOf('contoso').attestTpm('{"payload":{"type":"aikcert"}}'),
    ).rejects.toMatchObject({ statusCode: 401, code: 'Unauthorized' });
  });

  it('keeps a policy for each kind of evidence', async () => {
    const client = ownerOf('contoso');
    const { body } = await client.setPolicy(OpenEnclave, ISSUING);
    expect(body.policyResolution).toBe(KnownPolicyModification.Updated);
    const sent = createAttestationPolicyToken(ISSUING).serialize();
    expect(new Uint8Array(body.policyTokenHash)).toEqual(sha256(fromUtf8(sent)));
    expect((await client.getPolicy(OpenEnclave)).body).toBe(ISSUING);
    expect((await client.getPolicy(SgxEnclave)).body).not.toBe(ISSUING);
    const quote = aBoundQuote(bench.platform);
    const report = await clientOf('contoso').attestOpenEnclave(encodeOeReport(quote));
    expect(report.body.policyClaims).toEqual({ tier: 'gold' });
    const reset = await client.resetPolicy(OpenEnclave);
    expect(reset.body.policyResolution).toBe(KnownPolicyModification.Removed);
  });

  it('knows no policies for TPM evidence', async () => {
    await expect(ownerOf('contoso').getPolicy(Tpm)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('is told that nobody may change the certificates of an AAD provider', async () => {
    const { certificate, privateKey } = owner;
    await expect(
      ownerOf('contoso').removePolicyManagementCertificate(certificate, privateKey, certificate),
    ).rejects.toMatchObject({ statusCode: 400, code: 'InvalidOperation' });
  });

  it('refuses a token of another issuer', async () => {
    const options = optionsFor('sharedeus2');
    const client = new AttestationClient(bench.provider('contoso'), options);
    await expect(client.attestSgxEnclave(aBoundQuote(bench.platform))).rejects.toThrow(/issuer/i);
  });
});

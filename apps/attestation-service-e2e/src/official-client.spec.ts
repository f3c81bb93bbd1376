import { AttestationClient } from '@azure/attestation';
import { toHex } from '@touchstone/bytes';
import { encodeOeReport, parseQuote } from '@touchstone/quote';
import { openBench, type Bench } from './bench';
import { RUNTIME_BYTES, RUNTIME_TEXT, aBoundQuote } from './evidence';

jest.setTimeout(60_000);

describe('@azure/attestation', () => {
  let bench: Bench;
  let quote: Uint8Array;
  let client: AttestationClient;

  beforeAll(async () => {
    bench = await openBench();
    quote = aBoundQuote(bench.platform);
    client = new AttestationClient(bench.provider(), {
      tlsOptions: { ca: bench.ca.pem },
      validationOptions: {
        validateToken: true,
        validateIssuer: true,
        expectedIssuer: bench.provider(),
        validateNotBeforeTime: true,
        validateExpirationTime: true,
        timeValidationSlack: 2,
      },
    });
  });
  afterAll(() => bench.close());

  it('attests an SGX quote with binary runtime data', async () => {
    const { body, token } = await client.attestSgxEnclave(quote, { runTimeData: RUNTIME_BYTES });
    const parsed = parseQuote(quote);
    if (parsed.teeType !== 'sgx') throw new Error('not an SGX quote');
    expect(body).toMatchObject({
      issuer: bench.provider(),
      version: '1.0',
      verifierType: 'sgx',
      mrEnclave: toHex(parsed.body.mrEnclave),
      mrSigner: toHex(parsed.body.mrSigner),
      productId: 7,
      svn: 3,
      isDebuggable: false,
    });
    expect(new Uint8Array(body.enclaveHeldData ?? [])).toEqual(RUNTIME_BYTES);
    expect(body.runTimeClaims).toBeUndefined();
    expect(token.algorithm).toBe('RS256');
    expect(token.getTokenProblems(await client.getAttestationSigners())).toEqual([]);
  });

  it('attests an SGX quote with JSON runtime data', async () => {
    const { body } = await client.attestSgxEnclave(quote, { runTimeJson: RUNTIME_BYTES });
    expect(body.runTimeClaims).toEqual(JSON.parse(RUNTIME_TEXT));
    expect(body.enclaveHeldData).toBeUndefined();
  });

  it('attests an Open Enclave report', async () => {
    const { body } = await client.attestOpenEnclave(encodeOeReport(quote), {
      runTimeData: RUNTIME_BYTES,
    });
    expect(body).toMatchObject({ verifierType: 'sgx', svn: 3 });
  });

  it('gets an unsecured token under a draft policy', async () => {
    const { body, token } = await client.attestSgxEnclave(quote, {
      draftPolicyForAttestation:
        'version=1.0; authorizationrules{=> permit();}; issuancerules{=> issue(type="drafted", value=true);};',
    });
    expect(token.algorithm).toBe('none');
    expect(body.policyHash).toBeDefined();
  });

  it('is told why a draft policy denied', async () => {
    const draftPolicyForAttestation = 'version=1.0; authorizationrules{}; issuancerules{};';
    await expect(
      client.attestSgxEnclave(quote, { draftPolicyForAttestation }),
    ).rejects.toMatchObject({
      statusCode: 400,
      code: 'PolicyEvaluationError',
      message: expect.stringContaining(
        'No Permit claim was issued in the authorizationrules section',
      ),
    });
  });

  it('is refused runtime data that the enclave did not commit to', async () => {
    const runTimeData = new Uint8Array([1, 2, 3]);
    await expect(client.attestSgxEnclave(quote, { runTimeData })).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidParameter',
      message: expect.stringContaining(
        'EnclaveSuppliedDataDigest does not match ReportData in quote',
      ),
    });
  });

  it('reads metadata and signing certificates', async () => {
    expect(await client.getOpenIdMetadata()).toMatchObject({
      issuer: bench.provider(),
      jwks_uri: `${bench.provider()}/certs`,
    });
    const [signer] = await client.getAttestationSigners();
    expect(signer?.certificates).toHaveLength(1);
  });
});

import { activatePolicy, appraise } from '@touchstone/appraisal';
import { MODEL_E3 } from '@touchstone/authority';
import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import type { EvidenceOptions } from '@touchstone/enclave-sdk';
import { EnclaveSdkError } from '@touchstone/enclave-sdk';
import type { EvidenceErrorCode, VerifyEvidenceOptions } from '@touchstone/enclave-verifier';
import { EvidenceError, verifyEvidence } from '@touchstone/enclave-verifier';
import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import {
  encodeOeEndorsements,
  encodeOeEvidence,
  parseCertificationData,
  parseCustomClaims,
  parseOeEvidence,
  parseOeReport,
  parseQuote,
} from '@touchstone/quote';
import { VerificationError, verifyQuote } from '@touchstone/verification';
import {
  type SdkEnclaveOptions,
  type TestPlatform,
  aPlatform,
  anAttestedEnclave,
  breakOneThing,
  collateralOf,
  expectCode,
  expectCodeOf,
  pckOf,
} from './index';

const platform = aPlatform();
const DATA = fromUtf8('bound by the report');
const CLAIMS = [{ name: 'model', value: fromUtf8('joint') }];

const collateral = encodeOeEndorsements({
  ...collateralOf(platform),
  version: 1,
  creationTime: platform.at.toISOString(),
});
const options: VerifyEvidenceOptions = {
  collateral,
  anchor: platform.authority.anchor,
  at: platform.at,
};
const evidence = (
  wanted: EvidenceOptions = {},
  enclave: SdkEnclaveOptions = {},
  data = wanted.format === 'oe-evidence' ? new Uint8Array() : DATA,
): Promise<Uint8Array> => anAttestedEnclave(platform, enclave).getEvidence(data, wanted);
const padded = (data: Uint8Array): string => toHex(data).padEnd(128, '0');

describe('evidence of an enclave', () => {
  it.each([undefined, 'sgx-quote', 'oe-report'] as const)(
    'binds its report data and is believed, as %s',
    async (format) => {
      const made = await evidence(format && { format });
      const verified = verifyEvidence(made, options);
      expect(toHex(verified.reportData)).toBe(padded(DATA));
      expect(verified).toMatchObject({ tcbStatus: 'UpToDate', debug: false, isvSvn: 3 });
      expect(toHex(verified.mrEnclave)).toBe(
        toHex(anAttestedEnclave(platform).identity().mrEnclave),
      );
    },
  );

  it.each([
    ['claims', CLAIMS],
    ['a buffer of its own', fromUtf8('any bytes')],
    ['nothing', undefined],
  ])('as Open Enclave evidence binds %s', async (_what, customClaims) => {
    const made = await evidence({ format: 'oe-evidence', ...(customClaims && { customClaims }) });
    const verified = verifyEvidence(made, options);
    const buffer = verified.customClaims ?? DATA;
    expect(toHex(verified.reportData)).toBe(padded(sha256(buffer)));
    if (customClaims === CLAIMS) expect(parseCustomClaims(buffer)).toEqual(CLAIMS);
    else expect(buffer).toEqual(customClaims ?? new Uint8Array());
  });

  it('is appraised, Open Enclave report header included', async () => {
    const made = await evidence({ format: 'oe-report' });
    const quote = parseQuote(parseOeReport(made).quote);
    const verified = verifyQuote(quote, collateralOf(platform), {
      anchors: [platform.authority.anchor],
      at: platform.at,
    });
    const { permitted, claims } = appraise({
      verified,
      evidenceDigest: toHex(sha256(made)),
      policy: activatePolicy(DEFAULT_SGX_POLICY),
    });
    expect(permitted).toBe(true);
    expect(claims).toMatchObject({
      'x-ms-sgx-report-data': padded(DATA),
      'x-ms-sgx-svn': 3,
      'x-ms-sgx-is-debuggable': false,
    });
  });

  it.each([1, 3] as const)(
    'names its platform by certification data %i on request',
    async (type) => {
      const made = await evidence({ certificationType: type });
      const data = parseCertificationData(parseQuote(made).certificationData);
      expect(data).toMatchObject({ type, cpuSvn: platform.machine.cpuSvn });
      if (type === 1 && 'ppid' in data) expect(toHex(data.ppid)).toBe(platform.fused.ppid);
      expectCode(
        () => verifyEvidence(made, options),
        VerificationError,
        'QUOTE_CERTIFICATION_DATA_UNSUPPORTED',
      );
    },
  );

  it('carries key separation and sharing', async () => {
    const kss = {
      extendedProductId: new Uint8Array(16).fill(0xe0),
      familyId: new Uint8Array(16).fill(0xfa),
    };
    const configId = new Uint8Array(64).fill(0xc0);
    const made = await evidence({}, { manifest: { kss }, configId, configSvn: 5 });
    expect(verifyEvidence(made, options)).toMatchObject({
      configId,
      configSvn: 5,
      isvExtProdId: kss.extendedProductId,
      isvFamilyId: kss.familyId,
    });
  });

  it.each<[string, Uint8Array, EvidenceOptions, EnclaveSdkError['code']]>([
    ['65 bytes of report data', new Uint8Array(65), {}, 'REPORT_DATA_INVALID'],
    ['report data beside claims', DATA, { format: 'oe-evidence' }, 'REPORT_DATA_INVALID'],
    ['claims without a place', DATA, { customClaims: CLAIMS }, 'EVIDENCE_OPTION_INVALID'],
  ])('is not made with %s', async (_what, data, wanted, code) => {
    await expectCodeOf(evidence(wanted, {}, data), EnclaveSdkError, code);
  });
});

describe('a relying enclave', () => {
  const debug = { manifest: { debug: true }, debug: true };
  const zeros = new Uint8Array(32);

  it.each<[string, SdkEnclaveOptions, Partial<VerifyEvidenceOptions>, EvidenceErrorCode]>([
    ['a debug enclave', debug, {}, 'EVIDENCE_DEBUG'],
    ['another enclave', {}, { expected: { mrEnclave: zeros } }, 'EVIDENCE_MRENCLAVE_MISMATCH'],
    ['another signer', {}, { expected: { mrSigner: zeros } }, 'EVIDENCE_MRSIGNER_MISMATCH'],
    ['another product', {}, { expected: { isvProdId: 8 } }, 'EVIDENCE_PRODUCT_ID_MISMATCH'],
    ['an old version', {}, { expected: { minimumIsvSvn: 4 } }, 'EVIDENCE_SVN_TOO_LOW'],
    [
      'another configuration',
      {},
      { expected: { configId: new Uint8Array(64).fill(1) } },
      'EVIDENCE_CONFIG_ID_MISMATCH',
    ],
    [
      'a status that it does not take',
      {},
      { acceptedTcbStatuses: ['SWHardeningNeeded'] },
      'EVIDENCE_TCB_NOT_ACCEPTED',
    ],
    [
      'collateral that has expired',
      {},
      { at: new Date(platform.at.getTime() + 90 * 24 * 3600 * 1000) },
      'EVIDENCE_COLLATERAL_EXPIRED',
    ],
    ['collateral that is none', {}, { collateral: DATA }, 'EVIDENCE_COLLATERAL_MALFORMED'],
  ])('refuses %s', async (_what, enclave, changes, code) => {
    const made = await evidence({}, enclave);
    expectCode(() => verifyEvidence(made, { ...options, ...changes }), EvidenceError, code);
  });

  it('takes a debug enclave if it is told to', async () => {
    const expected = { allowDebug: true, isvProdId: 7, minimumIsvSvn: 3 };
    const verified = verifyEvidence(await evidence({}, debug), { ...options, expected });
    expect(verified.debug).toBe(true);
  });

  it('refuses other claims than the bound ones', async () => {
    const { format, data } = parseOeEvidence(
      await evidence({ format: 'oe-evidence', customClaims: CLAIMS }),
    );
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    expectCode(
      () => verifyEvidence(encodeOeEvidence({ format, data }), options),
      EvidenceError,
      'EVIDENCE_CUSTOM_CLAIMS_MISMATCH',
    );
  });

  it.each([0, 47, 435])('refuses %i bytes that are no evidence', (length) => {
    expectCode(
      () => verifyEvidence(new Uint8Array(length), options),
      EvidenceError,
      'EVIDENCE_MALFORMED',
    );
  });

  it('refuses forgeries as the engine does', () => {
    const { quote } = breakOneThing(platform, 'body-mrenclave');
    expectCode(() => verifyEvidence(quote, options), VerificationError, 'QUOTE_INVALID_SIGNATURE');
  });

  it('believes no root but its own', async () => {
    const anchor = { name: 'other', publicKey: platform.authority.anchor.publicKey.map((b) => ~b) };
    const made = await evidence();
    expectCode(
      () => verifyEvidence(made, { ...options, anchor }),
      VerificationError,
      'PCK_CHAIN_UNTRUSTED',
    );
  });
});

describe('TCB recovery of a processor', () => {
  const [newest, ...levels] = platform.authority.certifiedTcbs(MODEL_E3, platform.at);
  // Its microcode is older; some levels differ in how the platform is configured alone.
  const older = levels.find(({ components: [microcode] }) => microcode !== newest?.components[0]);
  const at = (tcb = newest): TestPlatform => aPlatform({ ...(tcb && { tcb }) });
  const [before, after] = [at(older), at(newest)];
  const quoteOf = async (one: TestPlatform) =>
    parseQuote(await anAttestedEnclave(one).getEvidence(DATA));

  it('gives the same platform another PCK and another attestation key', async () => {
    expect(before.fused.ppid).toBe(after.fused.ppid);
    expect(pckOf(before).tcbm).not.toBe(pckOf(after).tcbm);
    expect(pckOf(before).pem).not.toBe(pckOf(after).pem);
    const [old, recovered] = [await quoteOf(before), await quoteOf(after)];
    expect(toHex(recovered.attestationKey)).not.toBe(toHex(old.attestationKey));
    expect(toHex(recovered.header.userData)).toBe(toHex(old.header.userData));
  });

  it('makes it up to date again', async () => {
    const judged = async (one: TestPlatform) =>
      verifyEvidence(await anAttestedEnclave(one).getEvidence(DATA), {
        ...options,
        acceptedTcbStatuses: ['UpToDate', 'OutOfDate'],
      }).tcbStatus;
    expect(await judged(before)).toBe('OutOfDate');
    expect(await judged(after)).toBe('UpToDate');
  });

  it('leaves what was sealed before readable, and not the other way round', () => {
    const [old, recovered] = [anAttestedEnclave(before), anAttestedEnclave(after)];
    const blob = old.seal(DATA, { policy: 'mrenclave' });
    expect(recovered.unseal(blob).data).toEqual(DATA);
    const newer = recovered.seal(DATA, { policy: 'mrenclave' });
    expectCode(() => old.unseal(newer), EnclaveSdkError, 'SEALED_BLOB_SVN_BEYOND');
  });
});

import { concat, fromUtf8, sha256, toBase64, toUtf8 } from '@touchstone/bytes';
import { AVR_AT, AVR_SIGNER_ENDS, aReport, anAvrWorld } from './__fixtures__/avr';
import { found, named } from './__fixtures__/judged';
import { aWorld, filled } from './__fixtures__/world';
import { INTEL_ANCHORS } from './anchors';
import type { VerificationRequest } from './verify-evidence';
import { verifyEvidence } from './verify-evidence';

const world = anAvrWorld();
const report = aReport('GROUP_OUT_OF_DATE');
const signature = world.sign(report);
const beside = [named(signature), named(world.signerPem)];

const judged = (request: Partial<VerificationRequest> = {}) =>
  verifyEvidence({
    evidence: report,
    collateral: beside,
    at: AVR_AT,
    anchors: world.anchors,
    without: [],
    ...request,
  });

describe('a report of the attestation service', () => {
  it.each([
    ['with signature and certificate beside it', report, beside],
    [
      'among other files of a folder',
      report,
      [
        found(world.sign(aReport('OK'))),
        found(signature),
        found(world.caPem),
        found(world.signerPem),
        found(aWorld().rootPem),
      ],
    ],
    [
      'with its signature in base64',
      report,
      [named(toBase64(signature)), named(encodeURIComponent(world.signerPem))],
    ],
    ['in one piece', envelope(), []],
  ])('is judged %s', async (_name, evidence, collateral) => {
    const { document, kind } = await judged({ evidence, collateral });
    expect(kind).toBe('ias-avr');
    expect(document).toMatchObject({
      verdict: 'genuine',
      code: null,
      tcbStatus: 'GROUP_OUT_OF_DATE',
      qeStatus: null,
      advisories: ['INTEL-SA-00001'],
      anchor: 'tests',
      facts: {
        isvEnclaveQuoteStatus: 'GROUP_OUT_OF_DATE',
        timestamp: '2025-06-01T11:59:58.123456',
        version: 4,
        debug: true,
        mrEnclave: 'aa'.repeat(32),
        isvProdId: 4,
        epidGroupId: '00000bad',
      },
    });
  });

  it.each([
    ['both', [], ['avr-signature', 'avr-signing-certificate']],
    ['the certificate', [named(signature)], ['avr-signing-certificate']],
    ['the signature', [named(world.signerPem)], ['avr-signature']],
  ])('is not judged without %s', async (_name, collateral, missing) => {
    const { document } = await judged({ collateral });
    expect(document).toMatchObject({ verdict: 'not-judged', code: 'COLLATERAL_MISSING', missing });
  });

  it.each([
    [
      'the signature of another',
      'AVR_INVALID_SIGNATURE',
      { collateral: [named(world.sign(aReport('OK'))), named(world.signerPem)] },
    ],
    ['a signer that nobody trusts', 'AVR_SIGNER_UNTRUSTED', { anchors: INTEL_ANCHORS }],
    [
      'an expired signer',
      'AVR_SIGNING_CERTIFICATE_EXPIRED',
      { at: new Date(AVR_SIGNER_ENDS.getTime() + 1) },
    ],
    ['other runtime data', 'RUNTIME_DATA_MISMATCH', { runtimeData: fromUtf8('other') }],
  ])('is rejected for %s', async (_name, code, request) => {
    expect((await judged(request)).document).toMatchObject({ verdict: 'rejected', code });
  });

  it.each([
    ['GROUP_REVOKED', 'EPID_GROUP_REVOKED'],
    ['SIGNATURE_INVALID', 'EPID_SIGNATURE_INVALID'],
  ])('is rejected when the service says %s', async (status, code) => {
    const evidence = aReport(status);
    const collateral = [named(world.sign(evidence)), named(world.signerPem)];
    const { document } = await judged({ evidence, collateral });
    expect(document).toMatchObject({ verdict: 'rejected', code, tcbStatus: status });
  });

  it('is rejected when it is malformed', async () => {
    const evidence = fromUtf8(toUtf8(report).replace('"version":4', '"version":9'));
    expect((await judged({ evidence })).document).toMatchObject({
      verdict: 'rejected',
      code: 'AVR_VERSION_UNSUPPORTED',
    });
  });

  it('is bound to its runtime data', async () => {
    const runtimeData = fromUtf8('mine');
    const evidence = aReport('OK', concat(sha256(runtimeData), filled(32, 0)));
    const collateral = [named(world.sign(evidence)), named(world.signerPem)];
    const { document } = await judged({ evidence, collateral, runtimeData });
    expect(document).toMatchObject({ verdict: 'genuine', tcbStatus: 'OK' });
  });
});

function envelope(): Uint8Array {
  const certificate = world.signerPem.replace(/-----[A-Z ]+-----|\s/g, '');
  return fromUtf8(`${toUtf8(report)}|${toBase64(signature)}|${certificate}`);
}

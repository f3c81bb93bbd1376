import type { Avr } from './avr';
import { QUOTE_STATUSES, parseAvr } from './avr';
import {
  AT,
  NOT_AFTER,
  anchorOf,
  avrBytes,
  caCertificate,
  rootCertificate,
  signAvr,
  signerCertificate,
} from './__fixtures__/issued';
import { INTEL_REPORT_SIGNING_CA } from './report-anchor';
import type { VerifiedAvr } from './verify-avr';
import { verifyAvr } from './verify-avr';

const anchors = [anchorOf(caCertificate())];
const certificates = [signerCertificate()];

const reported = (changes: Record<string, unknown> = {}) => {
  const bytes = avrBytes(changes);
  return { avr: parseAvr(bytes), signature: signAvr(bytes) };
};

const judged = (avr: Avr, signature: Uint8Array, at = AT): VerifiedAvr =>
  verifyAvr(avr, { signature, certificates }, { anchors, at });

const refusal = (code: string) => expect.objectContaining({ code });

describe('verifyAvr', () => {
  it('says what was proven, step by step', () => {
    const { avr, signature } = reported();
    const verified = judged(avr, signature);
    expect(verified).toMatchObject({ status: 'GROUP_OUT_OF_DATE', anchor: 'tests', expired: [] });
    expect(verified.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'avr-signer-present passed',
      'avr-signer-constraints passed',
      'avr-trust-anchor passed',
      'avr-signer-not-revoked skipped',
      'avr-signing-certificate-validity passed',
      'avr-signature passed',
      'avr-timestamp noted',
      'avr-quote-status noted',
    ]);
  });

  it('passes over certificates beside the signer', () => {
    const { avr, signature } = reported();
    const chain = [rootCertificate(), caCertificate(), signerCertificate()];
    expect(verifyAvr(avr, { signature, certificates: chain }, { anchors, at: AT }).anchor).toBe(
      'tests',
    );
  });

  it('reports an expired signing certificate as a fact', () => {
    const { avr, signature } = reported();
    const late = new Date(NOT_AFTER.getTime() + 1);
    expect(judged(avr, signature, NOT_AFTER).expired).toEqual([]);
    expect(judged(avr, signature, late).expired).toEqual(['avr-signing-certificate']);
  });

  it.each([
    ['SIGNATURE_INVALID', 'EPID_SIGNATURE_INVALID'],
    ['GROUP_REVOKED', 'EPID_GROUP_REVOKED'],
    ['SIGNATURE_REVOKED', 'EPID_SIGNATURE_REVOKED'],
    ['KEY_REVOKED', 'EPID_KEY_REVOKED'],
    ['SIGRL_VERSION_MISMATCH', 'EPID_SIGRL_VERSION_MISMATCH'],
  ])('refuses what the service refused: %s', (status, code) => {
    const { avr, signature } = reported({ isvEnclaveQuoteStatus: status, revocationReason: 1 });
    expect(() => judged(avr, signature)).toThrow(refusal(code));
  });

  it('takes every other status as a fact', () => {
    for (const status of QUOTE_STATUSES.slice(0, 5)) {
      const { avr, signature } = reported({ isvEnclaveQuoteStatus: status });
      expect(judged(avr, signature).status).toBe(status);
    }
  });

  it('refuses a signature over another report', () => {
    const { signature } = reported();
    const { avr } = reported({ isvEnclaveQuoteStatus: 'OK' });
    expect(() => judged(avr, signature)).toThrow(refusal('AVR_INVALID_SIGNATURE'));
  });

  it.each([
    ['of another length', new Uint8Array(12)],
    ['that is empty', new Uint8Array()],
  ])('refuses a signature %s', (_name, signature) => {
    expect(() => judged(reported().avr, signature)).toThrow(refusal('AVR_INVALID_SIGNATURE'));
  });

  it.each([
    ['nobody', []],
    ['another CA', [anchorOf(rootCertificate())]],
    ['Intel, whom the tests are not', [INTEL_REPORT_SIGNING_CA]],
  ])('believes no signer when it is told to trust %s', (_name, trusted) => {
    const { avr, signature } = reported();
    expect(() => verifyAvr(avr, { signature, certificates }, { anchors: trusted, at: AT })).toThrow(
      refusal('AVR_SIGNER_UNTRUSTED'),
    );
  });

  it.each([
    ['no certificate', []],
    ['only CAs', [caCertificate(), rootCertificate()]],
  ])('misses the signer among %s', (_name, given) => {
    const { avr, signature } = reported();
    expect(() => verifyAvr(avr, { signature, certificates: given }, { anchors, at: AT })).toThrow(
      refusal('AVR_SIGNER_MISSING'),
    );
  });

  it('ends its checks with the one that failed', () => {
    const { avr } = reported();
    try {
      judged(avr, new Uint8Array());
    } catch (error) {
      expect((error as { checks: unknown[] }).checks.at(-1)).toMatchObject({
        name: 'avr-signature',
        result: 'failed',
        code: 'AVR_INVALID_SIGNATURE',
      });
    }
    expect.assertions(1);
  });
});

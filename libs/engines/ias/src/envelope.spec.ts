import fc from 'fast-check';
import { fromUtf8, toBase64 } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { derOctets, ecSignerFromScalar, issueCertificate, toPem } from '@touchstone/pki';
import {
  AT,
  NOT_AFTER,
  avrBytes,
  avrText,
  signAvr,
  signerCertificate,
} from './__fixtures__/issued';
import { MAX_ENVELOPE_BYTES, RA_TLS_EXTENSION, openEnvelope } from './envelope';

const report = avrBytes();
const signature = signAvr(report);
const { der } = signerCertificate();
const parts = `${avrText()}|${toBase64(signature)}|${toBase64(der)}`;

/** A certificate with the value as its comment. */
function raTls(value: Uint8Array): Uint8Array {
  const signer = ecSignerFromScalar(new Uint8Array(32).fill(5));
  const keyId = new Uint8Array(20).fill(1);
  return issueCertificate(
    {
      subject: [{ type: 'CN', value: 'enclave' }],
      issuer: [{ type: 'CN', value: 'enclave' }],
      serial: Uint8Array.of(1),
      notBefore: AT,
      notAfter: NOT_AFTER,
      publicKeyBytes: signer.publicKeyBytes,
      isCa: false,
      keyUsage: ['digitalSignature'],
      subjectKeyId: keyId,
      authorityKeyId: keyId,
      extra: [{ oid: RA_TLS_EXTENSION, critical: false, value }],
    },
    signer,
  );
}

const object = (members: Record<string, string>): Uint8Array => fromUtf8(JSON.stringify(members));

describe('openEnvelope', () => {
  it.each([
    ['parts between bars', fromUtf8(parts)],
    ['parts, with a last line end', fromUtf8(`${parts}\n`)],
    [
      'an object of base64 members',
      object({
        report: toBase64(report),
        signature: toBase64(signature),
        signing_cert: toBase64(der),
      }),
    ],
    [
      'an object with the report as text and PEM',
      object({ ra_report: avrText(), signature: toBase64(signature), certificate: toPem(der) }),
    ],
    [
      'an object with the headers of the service',
      object({
        report: avrText(),
        'X-IASReport-Signature': toBase64(signature),
        'X-IASReport-Signing-Certificate': encodeURIComponent(toPem(der)),
      }),
    ],
    [
      'an object with base64 of PEM',
      object({
        report: avrText(),
        signature: toBase64(signature),
        cert: toBase64(fromUtf8(toPem(der))),
      }),
    ],
    ['a certificate with the text as its comment', raTls(fromUtf8(parts))],
    ['a certificate with the text in an octet string', raTls(derOctets(fromUtf8(parts)))],
  ])('opens %s', (_name, bytes) => {
    const envelope = openEnvelope(bytes);
    expect(envelope?.report).toEqual(report);
    expect(envelope?.signature).toEqual(signature);
    expect(envelope?.certificates.map((certificate) => certificate.der)).toEqual([der]);
  });

  it.each([
    ['a report alone', report],
    ['another certificate', der],
    ['four parts', fromUtf8(`${parts}|more`)],
    ['something else between the bars', fromUtf8('{}|a|b')],
    ['nothing', new Uint8Array()],
    ['too much', new Uint8Array(MAX_ENVELOPE_BYTES + 1).fill(0x7b)],
  ])('leaves %s alone', (_name, bytes) => {
    expect(openEnvelope(bytes)).toBeUndefined();
  });

  it.each([
    ['a signature that is not base64', `${avrText()}|*|${toBase64(der)}`],
    ['a certificate that is none', `${avrText()}|${toBase64(signature)}|AAAA`],
  ])('refuses %s', (_name, text) => {
    expect(() => openEnvelope(fromUtf8(text))).toThrow(
      expect.objectContaining({ code: 'AVR_ENVELOPE_MALFORMED' }),
    );
  });

  it('answers any bytes with an envelope, nothing or a code', () => {
    const whole = fromUtf8(parts);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
        const changed = whole.slice();
        changed[at] = value;
        try {
          openEnvelope(changed);
        } catch (error) {
          expect(hasCode(error, 'AVR_ENVELOPE_MALFORMED')).toBe(true);
        }
      }),
    );
  });
});

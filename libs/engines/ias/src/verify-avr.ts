import { constants, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Check, CheckDetails } from '@touchstone/decision';
import { CheckLog } from '@touchstone/decision';
import { hasCode } from '@touchstone/errors';
import type { Certificate } from '@touchstone/pki';
import { verifyCertificateSignature } from '@touchstone/pki';
import type { Avr, QuoteStatus } from './avr';
import type { IasErrorCode } from './ias-error';
import { IasError } from './ias-error';
import type { ReportAnchor } from './report-anchor';

/** What proves a report. */
export interface AvrProof {
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the exact body. */
  readonly signature: Uint8Array;
  /** The signing certificate is among them; CAs beside it are passed over, for the CA's key is pinned. */
  readonly certificates: readonly Certificate[];
}

export interface VerifiedAvr {
  readonly avr: Avr;
  /** What the service found; never one of the statuses that mean "do not believe it". */
  readonly status: QuoteStatus;
  /** Name of the anchor that issued the signing certificate. */
  readonly anchor: string;
  readonly signer: Certificate;
  /** `avr-signing-certificate` when the instant lies outside its dates. */
  readonly expired: readonly 'avr-signing-certificate'[];
  readonly checks: readonly Check[];
  readonly provenAt: Date;
}

/** Statuses by which the service itself refuses, and our code for each. */
const REFUSALS: Readonly<Partial<Record<QuoteStatus, IasErrorCode>>> = {
  SIGNATURE_INVALID: 'EPID_SIGNATURE_INVALID',
  GROUP_REVOKED: 'EPID_GROUP_REVOKED',
  SIGNATURE_REVOKED: 'EPID_SIGNATURE_REVOKED',
  KEY_REVOKED: 'EPID_KEY_REVOKED',
  SIGRL_VERSION_MISMATCH: 'EPID_SIGRL_VERSION_MISMATCH',
};

const SIGNER_PHRASE = 'Attestation Report Signing';

/**
 * The report is the service's own word, and the service believes the quote. Out of date, in need of configuration, and
 * an expired signing certificate are facts; forged, untrusted and refused by the service are errors.
 * @throws IasError
 */
export function verifyAvr(
  avr: Avr,
  { signature, certificates }: AvrProof,
  { anchors, at }: { readonly anchors: readonly ReportAnchor[]; readonly at: Date },
): VerifiedAvr {
  const trail = new AvrTrail();
  const signer = findSigner(trail, certificates);
  const anchor = requireAnchor(trail, signer, anchors);
  trail.log.skipped('avr-signer-not-revoked', {
    detail: 'the CRL of the report signing CA is not part of this evidence',
  });
  const expired = noteValidity(trail, signer, at);
  trail.require('avr-signature', isSigned(avr, signature, signer), 'AVR_INVALID_SIGNATURE', {
    expected: signer.subject.text,
  });
  const age = `${Math.round((at.getTime() - avr.timestamp.getTime()) / 1000)} s old`;
  trail.log.noted('avr-timestamp', { read: avr.timestampText, detail: age });
  requireBelief(trail, avr);
  return {
    avr,
    status: avr.status,
    anchor: anchor.name,
    signer,
    expired,
    checks: trail.log.checks,
    provenAt: at,
  };
}

function findSigner(trail: AvrTrail, certificates: readonly Certificate[]): Certificate {
  const named = certificates.filter(({ subject }) => subject.commonName?.includes(SIGNER_PHRASE));
  const signer = named.find(({ basicConstraints }) => basicConstraints?.ca !== true) ?? named[0];
  const read = certificates.map(({ subject }) => subject.commonName ?? 'no name').join(', ');
  if (signer === undefined) {
    return trail.fail('avr-signer-present', 'AVR_SIGNER_MISSING', {
      read: read === '' ? 'no certificate' : read,
      expected: SIGNER_PHRASE,
    });
  }
  trail.log.passed('avr-signer-present', { read: signer.subject.commonName ?? '' });
  const { basicConstraints, keyUsage } = signer;
  const maySign =
    basicConstraints?.ca !== true && (keyUsage === undefined || keyUsage.has('digitalSignature'));
  trail.require('avr-signer-constraints', maySign, 'AVR_SIGNER_UNSUITABLE', {
    expected: 'a certificate that signs data and is no CA',
  });
  return signer;
}

function requireAnchor(
  trail: AvrTrail,
  signer: Certificate,
  anchors: readonly ReportAnchor[],
): ReportAnchor {
  const anchor = anchors.find(({ publicKey }) =>
    verifyCertificateSignature(signer, spkiKey(publicKey)),
  );
  const expected = anchors.map(({ name }) => name).join(' or ') || 'an anchor, but none is given';
  if (anchor === undefined) {
    return trail.fail('avr-trust-anchor', 'AVR_SIGNER_UNTRUSTED', {
      read: signer.issuer.text,
      expected,
    });
  }
  trail.log.passed('avr-trust-anchor', { read: anchor.name, expected });
  return anchor;
}

const spkiKey = (publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });

function noteValidity(trail: AvrTrail, { notBefore, notAfter }: Certificate, at: Date) {
  const read = at.toISOString();
  const expected = `${notBefore.toISOString()} to ${notAfter.toISOString()}`;
  if (at >= notBefore && at <= notAfter) {
    trail.log.passed('avr-signing-certificate-validity', { read, expected });
    return [];
  }
  const code = 'AVR_SIGNING_CERTIFICATE_EXPIRED';
  trail.log.noted('avr-signing-certificate-validity', { read, expected, code });
  return ['avr-signing-certificate' as const];
}

function isSigned({ bytes }: Avr, signature: Uint8Array, signer: Certificate): boolean {
  try {
    const key = signer.publicKey;
    if (key.asymmetricKeyType !== 'rsa') return false;
    return verify('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch (error) {
    // An unusable key is a plain no; OpenSSL reports some malformed signatures as errors.
    if (hasCode(error) || error instanceof Error) return false;
    throw error;
  }
}

function requireBelief(trail: AvrTrail, { status, revocationReason }: Avr): void {
  const refusal = REFUSALS[status];
  const detail = revocationReason === undefined ? {} : { detail: `reason ${revocationReason}` };
  if (refusal !== undefined) trail.fail('avr-quote-status', refusal, { read: status, ...detail });
  if (status === 'OK') trail.log.passed('avr-quote-status', { read: status });
  else trail.log.noted('avr-quote-status', { read: status });
}

class AvrTrail {
  readonly log = new CheckLog();

  require(name: string, ok: boolean, code: IasErrorCode, details: CheckDetails = {}): void {
    if (ok) this.log.passed(name, details);
    else this.fail(name, code, details);
  }

  fail(name: string, code: IasErrorCode, details: CheckDetails): never {
    this.log.failed(name, { ...details, code });
    const { read = 'something else', expected } = details;
    const message = expected === undefined ? `${name}: ${read}` : `${name}: expected ${expected}`;
    throw new IasError(code, message, { field: name, checks: [...this.log.checks] });
  }
}

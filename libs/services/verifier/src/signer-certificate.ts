import { readQuoteExtension } from '@touchstone/attested-key';
import type { CheckLog } from '@touchstone/decision';
import { hasCode } from '@touchstone/errors';
import { parseCertificate, verifyCertificateSignature, type Certificate } from '@touchstone/pki';
import { parseQuote, type SgxQuote } from '@touchstone/quote';
import { SignerRefusal, type SignerRefusalCode } from './signer-refusal';

export interface CertificateExpectations {
  readonly at: Date;
  /** Whose name it must be in; left out, nobody's. */
  readonly issuer?: string | undefined;
}

/** The signer's certificate as its issuer must have made it. @throws PkiError, SignerRefusal */
export function readSignerCertificate(
  der: Uint8Array,
  { at, issuer }: CertificateExpectations,
  log: CheckLog,
): Certificate {
  const certificate = logged(log, 'signer-certificate-form', () => parseCertificate(der));
  const { subject, notBefore, notAfter } = certificate;
  ask(log, 'signer-certificate-signature', 'SIGNER_CERTIFICATE_SIGNATURE', {
    holds: verifyCertificateSignature(certificate, certificate),
    read: subject.text,
    expected: 'signed by its own key',
  });
  if (issuer === undefined) log.skipped('signer-certificate-name', { read: subject.text });
  else
    ask(log, 'signer-certificate-name', 'SIGNER_CERTIFICATE_NAME', {
      holds: subject.commonName === issuer,
      read: subject.text,
      expected: `CN=${issuer}`,
    });
  ask(log, 'signer-certificate-dates', 'SIGNER_CERTIFICATE_DATES', {
    holds: at >= notBefore && at <= notAfter,
    read: `${notBefore.toISOString()} to ${notAfter.toISOString()}`,
    expected: at.toISOString(),
  });
  return certificate;
}

export interface CarriedQuote {
  readonly bytes: Uint8Array;
  readonly quote: SgxQuote;
}

/** The quote in its extension. @throws AttestedKeyError, QuoteError, SignerRefusal */
export function readCarriedQuote(certificate: Certificate, log: CheckLog): CarriedQuote {
  const found = logged(log, 'signer-quote-extension', () => {
    const evidence = readQuoteExtension(certificate);
    if (evidence) return evidence;
    throw new SignerRefusal(
      'SIGNER_NOT_ATTESTED',
      'the certificate of the signer carries no quote: its key may live anywhere',
    );
  });
  const quote = logged(log, 'signer-quote-form', () => parseQuote(found.quote));
  if (quote.teeType !== 'sgx')
    throw new SignerRefusal('SIGNER_NOT_SGX', 'the quote is not that of an SGX enclave');
  return { bytes: found.quote, quote };
}

export interface Question {
  readonly holds: boolean;
  readonly read: string;
  readonly expected: string;
}

/** @throws SignerRefusal with the code when it does not hold */
export function ask(
  log: CheckLog,
  name: string,
  code: SignerRefusalCode,
  { holds, read, expected }: Question,
): void {
  if (holds) return log.passed(name, { read, expected });
  log.failed(name, { code, read, expected });
  throw new SignerRefusal(code, `${name}: ${read}, expected ${expected}`);
}

function logged<Value>(log: CheckLog, name: string, read: () => Value): Value {
  try {
    const value = read();
    log.passed(name);
    return value;
  } catch (error) {
    log.failed(name, hasCode(error) ? { code: error.code, detail: error.message } : {});
    throw error;
  }
}

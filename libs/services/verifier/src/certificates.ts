import { equal, toHex } from '@touchstone/bytes';
import type { Certificate } from '@touchstone/pki';
import { toPem, verifyCertificateSignature } from '@touchstone/pki';

export const isSelfIssued = ({ subject, issuer }: Certificate): boolean =>
  equal(subject.der, issuer.der) || subject.text === issuer.text;

export const isNamed = ({ subject }: Certificate, phrase: string): boolean =>
  subject.commonName?.includes(phrase) ?? false;

export const issued = (issuer: Certificate, certificate: Certificate): boolean =>
  issuer.subject.text === certificate.issuer.text &&
  verifyCertificateSignature(certificate, issuer);

/** Each certificate once, in the order in which they came. */
export function distinct(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((each) => [toHex(each.der), each])).values()];
}

/** Those that are good at the instant first, the longest lived first among them: CAs were issued again with one key. */
export function bestFirst(certificates: readonly Certificate[], at: Date): Certificate[] {
  const rank = ({ notBefore, notAfter }: Certificate): number =>
    Number(at >= notBefore && at <= notAfter);
  return [...certificates].sort(
    (a, b) => rank(b) - rank(a) || b.notAfter.getTime() - a.notAfter.getTime(),
  );
}

export const pemOf = (certificates: readonly Certificate[]): string =>
  certificates.map(({ der }) => toPem(der)).join('');

import { parseCertificate, parsePemChain, verifyCertificateSignature } from '@touchstone/pki';
import type { Certificate } from '@touchstone/pki';
import { sha256, toHex } from '@touchstone/bytes';
import {
  INTEL_SGX_ROOT,
  verifyCrlDocument,
  verifyEnclaveIdentityDocument,
  verifyTcbInfoDocument,
} from '@touchstone/verification';
import { caChain, rootChain, signingChainAt } from './intel-roots';
import type { EvidenceItem } from './manifest';
import { changedFiles, itemsOf, readEvidence } from './manifest';
import { isoSeconds } from './quote-facts';

const anchors = [INTEL_SGX_ROOT];
const table = (...kinds: readonly string[]) =>
  itemsOf(...kinds).map((item) => [item.id, item] as const);
const bytesOf = (item: EvidenceItem): Uint8Array => readEvidence(item.files[0] ?? '');
const instantOf = (item: EvidenceItem): Date => new Date(item.now ?? '');

interface SignedExpectation {
  readonly signature: string;
  readonly signedBy: string;
  readonly issueDate: string;
  readonly nextUpdate: string;
  readonly id: string | null;
  readonly tcbEvaluationDataNumber: number;
}

/** The shape of the manifest's expectation, from a document that was verified. */
function signedFacts(
  document: { issueDate: Date; nextUpdate: Date; tcbEvaluationDataNumber: number },
  id: string | null,
): SignedExpectation {
  const { issueDate, nextUpdate, tcbEvaluationDataNumber } = document;
  const seconds = (date: Date): string => date.toISOString().replace('.000Z', 'Z');
  return {
    signature: 'valid',
    signedBy: 'Intel SGX TCB Signing',
    issueDate: seconds(issueDate),
    nextUpdate: seconds(nextUpdate),
    id,
    tcbEvaluationDataNumber,
  };
}

/** The body with one digit of its content another. */
function tampered(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(
    text.replace(/"tcbEvaluationDataNumber":(\d)/, '"tcbEvaluationDataNumber":2$1'),
  );
}

describe.each(table('tcb-info'))('%s', (_id, item) => {
  const at = instantOf(item);

  it('is signed by Intel and says what the manifest says', () => {
    expect(changedFiles(item)).toEqual([]);
    const { document, dates } = verifyTcbInfoDocument(bytesOf(item), signingChainAt(at), {
      anchors,
      at,
    });
    // Version 2 has no id; it is SGX by definition.
    expect(signedFacts(document, document.version === 2 ? null : document.id)).toEqual(
      item.expected,
    );
    expect(dates.expired).toEqual([]);
    expect(dates.notYetValid).toEqual([]);
  });

  it('is refused when one number is another', () => {
    expect(() =>
      verifyTcbInfoDocument(tampered(bytesOf(item)), signingChainAt(at), { anchors, at }),
    ).toThrow(expect.objectContaining({ code: 'TCB_INFO_INVALID_SIGNATURE' }));
  });
});

describe.each(table('enclave-identity'))('%s', (_id, item) => {
  const at = instantOf(item);

  it('is signed by Intel and says what the manifest says', () => {
    expect(changedFiles(item)).toEqual([]);
    const { document, dates } = verifyEnclaveIdentityDocument(bytesOf(item), signingChainAt(at), {
      anchors,
      at,
    });
    expect(signedFacts(document, document.id)).toEqual(item.expected);
    expect(dates.expired).toEqual([]);
  });

  it('is refused when one number is another', () => {
    expect(() =>
      verifyEnclaveIdentityDocument(tampered(bytesOf(item)), signingChainAt(at), { anchors, at }),
    ).toThrow(expect.objectContaining({ code: 'QE_IDENTITY_INVALID_SIGNATURE' }));
  });
});

describe.each(table('pck-crl', 'root-ca-crl'))('%s', (_id, item) => {
  const at = instantOf(item);
  const issuer = (item.expected as { issuer: string }).issuer.replace(/.*CN=/, '');
  const chain = item.kind === 'root-ca-crl' ? rootChain() : caChain(issuer);

  it('is signed by Intel and says what the manifest says', () => {
    expect(changedFiles(item)).toEqual([]);
    const { document, dates } = verifyCrlDocument(bytesOf(item), chain, { anchors, at });
    expect({
      issuer: document.issuer.text,
      lastUpdate: isoSeconds(document.thisUpdate),
      nextUpdate: isoSeconds(document.nextUpdate),
      revokedCount: document.revoked.size,
      signature: 'valid',
    }).toEqual(item.expected);
    expect(dates.expired).toEqual([]);
  });

  it('is refused with the certificate of another CA', () => {
    const other = item.kind === 'root-ca-crl' ? caChain('Intel SGX PCK Platform CA') : rootChain();
    expect(() => verifyCrlDocument(bytesOf(item), other, { anchors, at })).toThrow(
      expect.objectContaining({ code: 'CRL_UNKNOWN_ISSUER' }),
    );
  });
});

describe('root and CA certificates', () => {
  const all = itemsOf('root-certificate', 'ca-certificate');
  const certificateOf = (item: EvidenceItem): Certificate => {
    const [certificate] = parsePemChain(bytesOf(item), 1);
    if (certificate === undefined) throw new Error(`${item.id} is empty`);
    return parseCertificate(certificate.der);
  };
  const certificates = all.map(certificateOf);

  it.each(all.map((item) => [item.id, item] as const))(
    '%s is what the manifest says',
    (_id, item) => {
      const certificate = certificateOf(item);
      expect(changedFiles(item)).toEqual([]);
      expect({
        sha256Fingerprint: toHex(sha256(certificate.der)),
        subject: certificate.subject.text,
        notBefore: isoSeconds(certificate.notBefore),
        notAfter: isoSeconds(certificate.notAfter),
        selfSigned: verifyCertificateSignature(certificate, certificate),
      }).toEqual(item.expected);
    },
  );

  it.each(all.map((item) => [item.id, item] as const))(
    '%s is signed by one of them',
    (id, item) => {
      const certificate = certificateOf(item);
      const issuers = certificates.filter(
        ({ subject }) => subject.text === certificate.issuer.text,
      );
      expect(issuers.some((issuer) => verifyCertificateSignature(certificate, issuer))).toBe(
        id !== '',
      );
    },
  );
});

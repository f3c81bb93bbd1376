import type { Certificate } from '@touchstone/pki';
import { parsePemChain, verifyCertificateSignature } from '@touchstone/pki';
import { sameName } from './certificates';
import { Lru } from './lru';

/**
 * Certificates that were read before, by their base64 digits, and which of them signed which. The same root and CA stand
 * in every chain. A signature found good is not computed again; one that was not is never remembered.
 */
export class CertificateMemo {
  readonly #certificates: Lru<Certificate>;
  readonly #signers = new WeakMap<Certificate, WeakSet<Certificate>>();

  constructor(capacity: number) {
    this.#certificates = new Lru(capacity);
  }

  /** @throws PkiError */
  readChain(pem: string | Uint8Array, max?: number): Certificate[] {
    return parsePemChain(pem, max, (digits, parse) => {
      const known = this.#certificates.get(digits);
      if (known !== undefined) return known;
      const certificate = parse(digits);
      this.#certificates.set(digits, certificate);
      return certificate;
    });
  }

  /** Issuer name and signature. */
  isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
    if (!sameName(certificate.issuer, issuer.subject)) return false;
    if (this.#signers.get(certificate)?.has(issuer)) return true;
    if (!verifyCertificateSignature(certificate, issuer)) return false;
    const signers = this.#signers.get(certificate) ?? new WeakSet<Certificate>();
    this.#signers.set(certificate, signers.add(issuer));
    return true;
  }
}

import { equal } from '@touchstone/bytes';
import { verifyCertificateSignature, type Certificate } from '@touchstone/pki';
import type { DocumentSigner } from './document-header';
import { PolicyDocumentError } from './policy-document-error';

/** Whose documents a provider takes. */
export type DocumentTrust =
  /** Anyone's who may call the operation, signed or not. */
  | { readonly model: 'aad' }
  /** Those of the configured signers. Their certificates are pinned, whatever their dates. */
  | { readonly model: 'isolated'; readonly signers: readonly Certificate[]; readonly at: Date };

/** @throws PolicyDocumentError POLICY_DOCUMENT_UNSIGNED or POLICY_DOCUMENT_SIGNER */
export function assertTrusted(signer: DocumentSigner | undefined, trust: DocumentTrust): void {
  if (trust.model === 'aad') return;
  if (!signer) {
    throw new PolicyDocumentError(
      'POLICY_DOCUMENT_UNSIGNED',
      'the provider takes signed ones only',
      {
        field: 'alg',
      },
    );
  }
  if (signer.chain.length === 0) assertKnownKey(signer, trust.signers);
  else assertKnownChain(signer.chain, trust.signers, trust.at);
}

function assertKnownKey({ key }: DocumentSigner, signers: readonly Certificate[]): void {
  if (signers.some((known) => known.publicKey.equals(key))) return;
  throw untrusted('the key is not one of a configured signer', 'jwk');
}

/**
 * Follows the chain from the certificate that signed up to one that is configured. That a configured certificate
 * stands somewhere in the header proves nothing: certificates are public.
 */
function assertKnownChain(
  chain: readonly Certificate[],
  signers: readonly Certificate[],
  at: Date,
): void {
  for (const [index, certificate] of chain.entries()) {
    if (signers.some((known) => equal(known.der, certificate.der))) return;
    const issuer = chain[index + 1];
    if (!issuer) throw untrusted('the chain ends before a configured signer', `x5c[${index}]`);
    assertInDates(certificate, at, `x5c[${index}]`);
    assertIssued(certificate, issuer, index);
  }
}

function assertIssued(certificate: Certificate, issuer: Certificate, below: number): void {
  const field = `x5c[${below + 1}]`;
  const { basicConstraints, keyUsage } = issuer;
  if (!basicConstraints?.ca || (keyUsage && !keyUsage.has('keyCertSign'))) {
    throw untrusted('an issuer is not a certificate authority', field);
  }
  if (basicConstraints.pathLength !== undefined && below > basicConstraints.pathLength) {
    throw untrusted('the chain is longer than an issuer allows', field);
  }
  const named = equal(certificate.issuer.der, issuer.subject.der);
  if (!named || !verifyCertificateSignature(certificate, issuer)) {
    throw untrusted('a certificate is not issued by the next one', field);
  }
}

function assertInDates({ notBefore, notAfter }: Certificate, at: Date, field: string): void {
  if (at >= notBefore && at <= notAfter) return;
  throw untrusted('a certificate is outside its dates', field);
}

const untrusted = (why: string, field: string): PolicyDocumentError =>
  new PolicyDocumentError('POLICY_DOCUMENT_SIGNER', why, { field });

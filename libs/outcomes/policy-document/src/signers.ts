import { equal } from '@touchstone/bytes';
import type { Certificate } from '@touchstone/pki';
import { PolicyDocumentError } from './policy-document-error';

/** The signers after one was added. Adding one that is there changes nothing. */
export function addSigner(
  signers: readonly Certificate[],
  certificate: Certificate,
): readonly Certificate[] {
  return includes(signers, certificate) ? signers : [...signers, certificate];
}

/**
 * The signers after one was removed. Removing one that is not there changes nothing; without any, nobody could ever
 * set a policy again.
 *
 * @throws PolicyDocumentError POLICY_DOCUMENT_LAST_SIGNER
 */
export function removeSigner(
  signers: readonly Certificate[],
  certificate: Certificate,
): readonly Certificate[] {
  const left = signers.filter(({ der }) => !equal(der, certificate.der));
  if (left.length > 0) return left;
  throw new PolicyDocumentError('POLICY_DOCUMENT_LAST_SIGNER', 'one signer has to stay', {
    field: 'policyCertificate',
  });
}

const includes = (signers: readonly Certificate[], { der }: Certificate): boolean =>
  signers.some((known) => equal(known.der, der));

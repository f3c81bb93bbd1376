import { parseCertificate, type Certificate } from '@touchstone/pki';
import { fromBase64Lenient } from '@touchstone/bytes';
import type { Check } from '@touchstone/decision';
import {
  certificateThumbprint,
  type DocumentTrust,
  type PolicyDocumentError,
} from '@touchstone/policy-document';
import { parseCompactJws } from '@touchstone/token';

const MAX_SHOWN_SIGNERS = 4;

/** Why a document of an owner was not taken: for a signer, who it was and who it should have been. */
export function documentCheck(
  { code, field, message }: PolicyDocumentError,
  jws: string,
  trust: DocumentTrust,
): Check {
  const check = { name: 'policy-document', result: 'failed', code, detail: message } as const;
  if (code === 'POLICY_DOCUMENT_UNSIGNED')
    return { ...check, read: 'no signature', expected: signersOf(trust) };
  if (code === 'POLICY_DOCUMENT_SIGNER')
    return { ...check, read: signerIn(jws), expected: signersOf(trust) };
  return { ...check, ...(field !== undefined && { read: field }) };
}

function signersOf(trust: DocumentTrust): string {
  if (trust.model === 'aad') return 'anybody';
  const shown = trust.signers.slice(0, MAX_SHOWN_SIGNERS).map(nameOf);
  return [...shown, ...(trust.signers.length > shown.length ? ['others'] : [])].join(' or ');
}

/** The header was read before; all the same, a record is never the reason to fail. */
function signerIn(jws: string): string {
  try {
    const { x5c } = parseCompactJws(jws).header;
    const [leaf] = Array.isArray(x5c) ? x5c : [];
    if (typeof leaf === 'string') return nameOf(parseCertificate(fromBase64Lenient(leaf)));
    return 'a key without a certificate';
  } catch {
    return 'somebody unknown';
  }
}

const nameOf = (certificate: Certificate): string =>
  `CN=${certificate.subject.commonName ?? ''} (${certificateThumbprint(certificate)})`;

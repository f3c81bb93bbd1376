import { parseJson } from '@touchstone/claims';
import { knownMembers } from './members';
import { AttestationWireError } from './wire-error';

/** A policy of 100 KiB is encoded twice, and its signer's chain comes with it. */
export const MAX_STATEMENT_BODY_BYTES = 524_288;

/** Which member of an object carries the JWS, since 2025-06-01. */
export const CERTIFICATE_MEMBER = {
  add: 'policyCertificateToAdd',
  remove: 'policyCertificateToRemove',
} as const;

/**
 * The JWS in the body of a policy or certificate operation. Clients disagree on its form: bare text, a JSON string, or,
 * where `member` is given, an object with that member. White space around it is no part of it.
 *
 * @throws AttestationWireError ATTEST_BODY_INVALID or ATTEST_MEMBER_*, ClaimsError CLAIMS_JSON_*
 */
export function decodeStatement(body: string, member?: string): string {
  const text = body.trim();
  if (text.startsWith('"')) return asText(parseJson(text, 'body'), 'body');
  if (member === undefined || !text.startsWith('{')) return text;
  return asText(knownMembers(parseJson(text, 'body'), [member], 'body')[member], member);
}

function asText(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined)
    throw new AttestationWireError('ATTEST_MEMBER_MISSING', `the member ${field} is missing`, {
      field,
    });
  throw new AttestationWireError('ATTEST_MEMBER_INVALID', `${field} is no text`, { field });
}

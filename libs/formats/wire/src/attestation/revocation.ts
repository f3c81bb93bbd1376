import { AttestationWireError } from './wire-error';
import { decodeStatement } from './statement-request';

export const REVOKE_PATH = '/revoke';
export const MAX_REVOKE_BODY_BYTES = 1_048_576;
const MEMBER = 'token';

/**
 * The token of a revocation: bare, a JSON string, `{"token"}`, or a form as in RFC 7009 section 2.1, of which nothing else
 * is looked at.
 *
 * @throws AttestationWireError ATTEST_BODY_INVALID or ATTEST_MEMBER_*, ClaimsError CLAIMS_JSON_*
 */
export function decodeRevocation(body: string): string {
  const text = body.trim();
  const token = isForm(text) ? formToken(text) : decodeStatement(text, MEMBER);
  if (token !== '') return token;
  throw new AttestationWireError('ATTEST_MEMBER_MISSING', 'the token is missing', {
    field: MEMBER,
  });
}

/** A token has no equals sign; JSON begins with what no form begins with. */
const isForm = (text: string): boolean => text.includes('=') && !/^["{]/.test(text);

function formToken(text: string): string {
  const [token = '', ...others] = new URLSearchParams(text).getAll(MEMBER);
  if (others.length === 0) return token;
  throw new AttestationWireError('ATTEST_MEMBER_REPEATED', 'the token stands twice', {
    field: MEMBER,
  });
}

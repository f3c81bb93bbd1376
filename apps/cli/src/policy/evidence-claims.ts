import { incomingClaims, reportClaims } from '@touchstone/appraisal';
import { DeprecatedSgxClaim, TokenClaim } from '@touchstone/claims';
import type { Claim } from '@touchstone/policy';
import { recogniseEvidence } from '@touchstone/service-verifier';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { PolicyFileError } from './policy-file';

/** Claims of a token that were never before a policy. */
const NOT_INCOMING: ReadonlySet<string> = new Set([
  TokenClaim.version,
  TokenClaim.policy,
  TokenClaim.policyHash,
  TokenClaim.policySigner,
  TokenClaim.runtime,
  TokenClaim.initTime,
]);
const DEPRECATED: ReadonlySet<string> = new Set(Object.values(DeprecatedSgxClaim));
const SERVICE_PREFIX = 'x-ms-';

/**
 * What a policy saw when this token was issued: the service's own claims, each also under its name of the preview. The
 * signature is not looked at: the question is what a policy would say, not whether the token is genuine.
 *
 * @throws PolicyFileError TOKEN_FILE_INVALID
 */
export function tokenClaims(text: string, file: string): readonly Claim[] {
  const entries = Object.entries(body(text.trim(), file)).filter(
    ([name]) =>
      !NOT_INCOMING.has(name) && (name.startsWith(SERVICE_PREFIX) || DEPRECATED.has(name)),
  );
  return incomingClaims(Object.fromEntries(entries));
}

/**
 * What a policy sees of an SGX quote or Open Enclave report. Nothing is verified, and collateral and runtime data, which
 * come with an attestation, are not there.
 *
 * @throws PolicyFileError QUOTE_NOT_SGX, and what `recogniseEvidence` throws
 */
export function quoteClaims(bytes: Uint8Array, file: string): readonly Claim[] {
  const evidence = recogniseEvidence(bytes);
  if (evidence.kind !== 'ias-avr' && evidence.quote.teeType === 'sgx') {
    return incomingClaims(reportClaims(evidence.quote.body));
  }
  throw new PolicyFileError('QUOTE_NOT_SGX', `${file} is no quote of an SGX enclave`, {
    field: file,
  });
}

function body(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return jwtClaims(parseCompactJws(text, { allowUnsecured: true }));
  } catch (cause) {
    throw new PolicyFileError('TOKEN_FILE_INVALID', `${file} holds no JSON web token`, {
      field: file,
      cause,
    });
  }
}

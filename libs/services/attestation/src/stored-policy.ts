import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { activatePolicy, encodePolicyText, type ActivePolicy } from '@touchstone/appraisal';
import { canonicalJson, parseJsonObject } from '@touchstone/claims';
import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import { parseCompactJws } from '@touchstone/token';
import { AttestationError } from './attestation-error';
import type { EvidenceType } from './evidence';
import type { PolicySource } from './policy-source';
import type { Provider } from './providers';
import { statementSigner } from './signed-statement';

const POLICY_MEMBER = 'AttestationPolicy';
/** Policies that are kept in their parsed form. */
const MAX_PARSED_POLICIES = 256;

/** The default policy as GET shows it. */
export const DEFAULT_POLICY_JWS = `${toBase64Url(fromUtf8('{"alg":"none"}'))}.${toBase64Url(
  fromUtf8(canonicalJson({ [POLICY_MEMBER]: encodePolicyText(DEFAULT_SGX_POLICY) })),
)}.`;

/**
 * The policy text in a statement's payload, `{"AttestationPolicy":"<base64url of UTF-8 text>"}`.
 *
 * @throws AttestationError ATTESTATION_STATEMENT_INVALID
 */
export function policyText(payload: Uint8Array): string {
  try {
    const encoded = parseJsonObject(toUtf8(payload, 'payload'), 'payload')[POLICY_MEMBER];
    if (typeof encoded === 'string') return toUtf8(fromBase64Url(encoded, POLICY_MEMBER));
  } catch (cause) {
    throw malformed('The policy token does not hold a policy.', cause);
  }
  throw malformed(`Could not find "${POLICY_MEMBER}" claim in policy token`);
}

export const policyJwsOf = ({ record }: Provider, type: EvidenceType): string =>
  record?.policies[type] ?? DEFAULT_POLICY_JWS;

/** Each provider under the policy that its owner set, or the default one. The same text is parsed once. */
export function createStoredPolicies(): PolicySource {
  const parsed = new Map<string, ActivePolicy>();
  return {
    async active(provider, type) {
      const jws = policyJwsOf(provider, type);
      const known = parsed.get(jws);
      if (known) return known;
      // It was accepted when it was set: only its text and the name of its signer are needed now.
      const { payload } = parseCompactJws(jws, { allowUnsecured: true });
      const policy = activatePolicy(policyText(payload), statementSigner(jws));
      if (parsed.size === MAX_PARSED_POLICIES) parsed.clear();
      parsed.set(jws, policy);
      return policy;
    },
  };
}

function malformed(message: string, cause?: unknown): AttestationError {
  return new AttestationError('ATTESTATION_STATEMENT_INVALID', message, {
    field: POLICY_MEMBER,
    cause,
  });
}

import { activatePolicy } from '@touchstone/appraisal';
import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import { openPolicyDocument, wrapPolicy } from '@touchstone/policy-document';
import type { EvidenceType } from './evidence';
import type { PolicySource, StoredPolicy } from './policy-source';
import type { Provider } from './providers';

/** Policies that are kept in their parsed form. */
const MAX_PARSED_POLICIES = 256;

/** The default policy as GET shows it. */
export const DEFAULT_POLICY_JWS = wrapPolicy(DEFAULT_SGX_POLICY);

export const policyJwsOf = ({ record }: Provider, type: EvidenceType): string =>
  record?.policies[type] ?? DEFAULT_POLICY_JWS;

/** Each provider under the policy that its owner set, or the default one. The same text is parsed once. */
export function createStoredPolicies(): PolicySource {
  const parsed = new Map<string, StoredPolicy>();
  return {
    async active(provider, type) {
      const jws = policyJwsOf(provider, type);
      const known = parsed.get(jws);
      if (known) return known;
      // Whether its signer may set policies was asked when it was set: only its text and signer are needed now.
      const document = openPolicyDocument(jws, { model: 'aad' }, { plainText: true });
      const { text, signer, tokenHash } = document;
      const policy = { ...activatePolicy(text, signer?.jwk), tokenHash };
      if (parsed.size === MAX_PARSED_POLICIES) parsed.clear();
      parsed.set(jws, policy);
      return policy;
    },
  };
}

import type { JsonObject } from '@touchstone/claims';
import {
  PolicyEvaluationError,
  evaluateConfiguration,
  parsePolicy,
  type Policy,
  type PolicyProperties,
} from '@touchstone/policy';
import { policyHash } from '@touchstone/policy-document';

/** A policy in force: read once, used for every attestation. */
export interface ActivePolicy {
  readonly policy: Policy;
  /** `x-ms-policy-hash`. */
  readonly hash: string;
  /** JWK of the key that signed the policy's JWS, when it was signed. */
  readonly signer?: JsonObject;
  /** What it says before evidence is looked at. */
  readonly configuration: PolicyProperties;
}

/** @throws PolicySyntaxError */
export function activatePolicy(text: string, signer?: JsonObject): ActivePolicy {
  const policy = parsePolicy(text);
  return {
    policy,
    hash: policyHash(text),
    configuration: configurationOf(policy),
    ...(signer && { signer }),
  };
}

/** A configuration that cannot be carried out says nothing: the policy as a whole will fail the same way. */
function configurationOf(policy: Policy): PolicyProperties {
  try {
    return evaluateConfiguration(policy);
  } catch (error) {
    if (error instanceof PolicyEvaluationError) return {};
    throw error;
  }
}

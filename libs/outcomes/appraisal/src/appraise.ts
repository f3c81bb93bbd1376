import { TokenClaim, type HeldData } from '@touchstone/claims';
import { CheckLog, type Check } from '@touchstone/decision';
import {
  PolicyEvaluationError,
  evaluatePolicy,
  type Claim,
  type PolicyOutcome,
  type PolicyProperties,
  type PolicyVerdict,
} from '@touchstone/policy';
import type { SgxReportBody } from '@touchstone/quote';
import {
  verifyBinding,
  type OfferedEvaluations,
  type VerifiedQuote,
} from '@touchstone/verification';
import type { ActivePolicy } from './active-policy';
import { AppraisalError } from './appraisal-error';
import { BASELINES, assertBaseline, type Baseline } from './baseline';
import { collateralClaim } from './collateral-claim';
import { assertCollateralRules, type CollateralRules } from './collateral-rules';
import { assertInitTimeBinding } from './init-data';
import { issuedClaims, promotedClaims } from './issued-claims';
import { failedPolicyChecks, policyChecks } from './policy-checks';
import {
  CLAIMS_VERSION,
  collateralClaims,
  incomingClaims,
  initTimeClaims,
  reportClaims,
  runtimeClaims,
} from './sgx-claims';
import { chooseBaseline, type Evaluations } from './tcb-identifier';

export interface AppraisalInput {
  readonly verified: VerifiedQuote;
  /** SHA-256 of the evidence as it was sent, Open Enclave header included; lower-case hex. */
  readonly evidenceDigest: string;
  readonly runtimeData?: HeldData;
  readonly initTimeData?: HeldData;
  readonly nonce?: string;
  readonly policy: ActivePolicy;
  /** Default: `azuredefault`. */
  readonly baseline?: Baseline;
  /** What the service asks of the documents, whatever baseline holds. Left out: nothing. */
  readonly collateralRules?: CollateralRules;
  /** What Intel serves by name, for rules that ask for `standard` or `early`. */
  readonly offeredEvaluations?: OfferedEvaluations;
}

export type AppraisalVerdict = PolicyVerdict | 'error';

export interface Appraisal {
  readonly permitted: boolean;
  /** `error`: the policy could not be carried out on these claims. */
  readonly verdict: AppraisalVerdict;
  /** Body of the token without what its issuer adds (`iss`, `iat`, `nbf`, `exp`, `jti`); empty unless permitted. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the policy issued, alone, as far as it stands at top level; empty unless permitted. */
  readonly issued: Readonly<Record<string, unknown>>;
  readonly properties: PolicyProperties;
  readonly checks: readonly Check[];
}

/**
 * Proven SGX evidence to claims, claims through a policy to a verdict: bindings of held data, the
 * provider's baseline, the claims of the report, the policy, what it issued.
 *
 * @throws AppraisalError, VerificationError of the runtime data's binding, ClaimsError of JSON held data
 */
export function appraise(input: AppraisalInput): Appraisal {
  const { verified, policy } = input;
  const log = new CheckLog();
  const body = sgxBody(verified, log);
  assertBindings(input, body, log);
  const baseline = chooseBaseline(
    policy.configuration,
    input.baseline ?? BASELINES.azuredefault,
    evaluationsOf(input),
    log,
  );
  assertBaseline(verified, baseline, log);
  for (const rules of [baseline, input.collateralRules ?? {}])
    assertCollateralRules(verified, rules, input.offeredEvaluations, log);
  const facts = evidenceClaims(input, body);
  const outcome = runPolicy(policy, incomingClaims(facts), log);
  const service = { ...facts, ...policyClaims(policy), ...nonceClaim(input) };
  return {
    permitted: outcome.verdict === 'permit',
    verdict: outcome.verdict,
    // Spread last, the service's claims win over whatever a policy issued under the same name.
    claims: outcome.verdict === 'permit' ? { ...issuedClaims(outcome.outgoing), ...service } : {},
    issued: outcome.verdict === 'permit' ? promotedClaims(outcome.outgoing) : {},
    properties: outcome.properties,
    checks: log.checks,
  };
}

function evaluationsOf({ verified, offeredEvaluations = {} }: AppraisalInput): Evaluations {
  const judgedBy = verified.tcb.evaluationDataNumber;
  const { standard = 0, early = 0 } = offeredEvaluations;
  return { judgedBy, newest: Math.max(judgedBy, standard, early) };
}

function sgxBody({ quote }: VerifiedQuote, log: CheckLog): SgxReportBody {
  if (quote.teeType === 'sgx') return quote.body;
  log.failed('tee-type', { read: quote.teeType, expected: 'sgx', code: 'APPRAISAL_NOT_SGX' });
  throw new AppraisalError(
    'APPRAISAL_NOT_SGX',
    'the quote is not of an SGX enclave',
    log.checks,
    'teeType',
  );
}

function assertBindings(
  { verified, runtimeData, initTimeData }: AppraisalInput,
  body: SgxReportBody,
  log: CheckLog,
) {
  if (runtimeData) {
    verifyBinding(verified, runtimeData.bytes);
    log.passed('runtime-data-binding', { detail: runtimeData.dataType });
  } else {
    log.skipped('runtime-data-binding', { detail: 'no runtime data was sent' });
  }
  if (initTimeData) assertInitTimeBinding(body, initTimeData, log);
}

function evidenceClaims(
  input: AppraisalInput,
  body: SgxReportBody,
): Readonly<Record<string, unknown>> {
  return {
    ...reportClaims(body),
    ...runtimeClaims(input.runtimeData),
    ...initTimeClaims(input.initTimeData),
    ...collateralClaims(collateralClaim(input.evidenceDigest, input.verified.collateral.digests)),
  };
}

function policyClaims({ hash, signer }: ActivePolicy): Readonly<Record<string, unknown>> {
  return {
    [TokenClaim.version]: CLAIMS_VERSION,
    [TokenClaim.policyHash]: hash,
    ...(signer && { [TokenClaim.policySigner]: signer }),
  };
}

const nonceClaim = ({ nonce }: AppraisalInput) =>
  nonce === undefined ? {} : { [TokenClaim.nonce]: nonce };

type PolicyRun = Pick<PolicyOutcome, 'outgoing' | 'properties'> & {
  readonly verdict: AppraisalVerdict;
};

function runPolicy({ policy }: ActivePolicy, incoming: readonly Claim[], log: CheckLog): PolicyRun {
  try {
    const outcome = evaluatePolicy(policy, incoming);
    log.append(policyChecks(outcome.trace, outcome.verdict));
    return outcome;
  } catch (error) {
    if (!(error instanceof PolicyEvaluationError)) throw error;
    log.append(failedPolicyChecks(error.trace, error.code, error.message));
    return { verdict: 'error', outgoing: [], properties: {} };
  }
}

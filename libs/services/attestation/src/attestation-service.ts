import { sha256, toHex } from '@touchstone/bytes';
import {
  activatePolicy,
  appraise,
  evaluationAsked,
  type ActivePolicy,
  type Appraisal,
  type Baseline,
  type CollateralRules,
} from '@touchstone/appraisal';
import { CheckLog, type Check } from '@touchstone/decision';
import type { SelfSignedLayout } from '@touchstone/pki';
import type { Clock } from '@touchstone/ports';
import type { QuoteVerifier, VerifiedQuote } from '@touchstone/verification';
import { maaJwks, metadataDocument, type Jwks, type MetadataDocument } from '@touchstone/token';
import type { AttestCall } from './attest-call';
import { AttestationError } from './attestation-error';
import type { CollateralKeeper } from './collateral-keeper';
import { draftDecision, type DecisionDraft } from './decision';
import type { EarlierEvaluations } from './earlier-evaluations';
import { createCollateralKeyReader, readEvidence } from './evidence';
import type { PolicySource } from './policy-source';
import { previewTokenClaims } from './preview-token-claims';
import type { Provider } from './providers';
import { asAttestationError } from './refusal';
import type { ProviderKeys } from './signing-keys';
import type { TokenIssuer } from './token-issuer';
import { verifyWithKept } from './verify-with-kept';

/** What was decided, and all that was asked on the way. */
export type AttestDecision =
  | { readonly granted: true; readonly token: string; readonly draft: DecisionDraft }
  | { readonly granted: false; readonly error: AttestationError; readonly draft: DecisionDraft };

export interface AttestationService {
  /** Refusals are answers; it rejects only for failures of our own. */
  attest(call: AttestCall): Promise<AttestDecision>;
  /** The keys that tokens of `issuer` verify under. */
  keySet(provider: Provider, issuer: string, layout?: SelfSignedLayout): Promise<Jwks>;
  metadata(issuer: string): MetadataDocument;
}

export interface AttestationServiceDeps {
  readonly verifier: QuoteVerifier;
  readonly collateral: CollateralKeeper;
  readonly earlierEvaluations: EarlierEvaluations;
  readonly policies: PolicySource;
  readonly baseline: Baseline;
  /** What every provider asks of collateral, whatever its baseline. */
  readonly collateralRules?: CollateralRules;
  readonly keys: ProviderKeys;
  readonly issueToken: TokenIssuer;
  readonly clock: Clock;
}

/** What a decision has learnt so far. */
interface Progress {
  readonly log: CheckLog;
  /** SHA-256 of what was sent, hex. */
  readonly evidenceDigest: string;
  verified?: VerifiedQuote;
  policy?: ActivePolicy;
}

/** Evidence to facts, facts to claims, claims through a policy to a token. */
export function createAttestationService(deps: AttestationServiceDeps): AttestationService {
  const { clock, keys, policies } = deps;
  const collateralKey = createCollateralKeyReader();

  async function decide(call: AttestCall, at: Date, progress: Progress): Promise<string> {
    const { log } = progress;
    const { provider, type } = call;
    const quote = readEvidence(type, call.evidence);
    log.passed('evidence-format', { read: `${quote.teeType} quote, version ${quote.version}` });
    const policy = await policyFor(call);
    progress.policy = policy;
    const evaluation = evaluationAsked(policy.configuration);
    const verified = await verifyWithKept(deps, {
      quote,
      key: collateralKey(quote),
      at,
      ...(evaluation !== undefined && { evaluation }),
    });
    progress.verified = verified;
    log.append(verified.checks);
    const appraisal = appraise({
      ...heldData(call),
      evidenceDigest: progress.evidenceDigest,
      verified,
      policy,
      baseline: deps.baseline,
      ...(deps.collateralRules && { collateralRules: deps.collateralRules }),
      offeredEvaluations: deps.collateral.offeredEvaluations(),
    });
    log.append(appraisal.checks);
    assertPermitted(appraisal);
    const preview = call.dialect === 'preview';
    return deps.issueToken({
      claims: preview
        ? previewTokenClaims(call, verified, appraisal, await policies.active(provider, type))
        : appraisal.claims,
      anonymous: preview,
      issuer: call.issuer,
      region: provider.region,
      at,
      unsecured: call.draftPolicy !== undefined,
    });
  }

  async function policyFor({ provider, type, draftPolicy }: AttestCall): Promise<ActivePolicy> {
    return draftPolicy === undefined
      ? policies.active(provider, type)
      : activatePolicy(draftPolicy);
  }

  return {
    async attest(call) {
      const at = clock.now();
      const evidenceDigest = toHex(sha256(call.evidence));
      const progress: Progress = { log: new CheckLog(), evidenceDigest };
      const draft = (outcome: DecisionDraft['outcome'], checks: readonly Check[]): DecisionDraft =>
        draftDecision({
          call,
          evidenceDigest,
          at,
          outcome,
          checks,
          verified: progress.verified,
          policyHash: progress.policy?.hash,
        });
      try {
        const token = await decide(call, at, progress);
        return { granted: true, token, draft: draft('granted', progress.log.checks) };
      } catch (thrown) {
        const error = asAttestationError(thrown);
        if (!error) throw thrown;
        return {
          granted: false,
          error,
          draft: draft('refused', [...progress.log.checks, ...error.checks]),
        };
      }
    },
    keySet: async ({ region }, issuer, layout) =>
      maaJwks(await keys.published(region, issuer, layout)),
    metadata: metadataDocument,
  };
}

function heldData({ runtimeData, initTimeData, nonce }: AttestCall) {
  return {
    ...(runtimeData && { runtimeData }),
    ...(initTimeData && { initTimeData }),
    ...(nonce !== undefined && { nonce }),
  };
}

/** The checks of the policy are in the log already. */
function assertPermitted({ verdict }: Appraisal): void {
  if (verdict === 'deny') throw new AttestationError('ATTESTATION_POLICY_DENIED', 'a rule denied');
  if (verdict === 'no-permit')
    throw new AttestationError('ATTESTATION_POLICY_NO_PERMIT', 'no rule permitted');
  if (verdict === 'error')
    throw new AttestationError('ATTESTATION_POLICY_ERROR', 'the policy cannot be carried out');
}

export type { AttestCall } from './attest-call';
export { AttestationError } from './attestation-error';
export type { AttestationErrorCode, AttestationErrorOptions } from './attestation-error';
export { createAttestationService } from './attestation-service';
export type {
  AttestDecision,
  AttestationService,
  AttestationServiceDeps,
} from './attestation-service';
export { createCollateralArchive } from './collateral-archive';
export type { CollateralArchive } from './collateral-archive';
export {
  COLLATERAL_REFRESH_MS,
  COLLATERAL_RETRY_MS,
  MAX_SNAPSHOTS,
  createCollateralKeeper,
} from './collateral-keeper';
export type { CollateralKeeper, CollateralKeeperOptions } from './collateral-keeper';
export type { CollateralDocuments, CollateralSnapshot } from './collateral-snapshot';
export type { CollateralKey, CollateralSource } from './collateral-source';
export { SERVICE_NAME } from './decision';
export type { DecisionDraft } from './decision';
export { MAX_PENDING_DECISIONS, createDecisionRecorder } from './decision-recorder';
export type { DecisionRecorder, DecisionRecorderOptions } from './decision-recorder';
export type { EvidenceType } from './evidence';
export { createDefaultPolicies } from './policy-source';
export type { PolicySource } from './policy-source';
export { DEFAULT_PROVIDERS, createProviderDirectory } from './providers';
export type {
  Address,
  Location,
  Provider,
  ProviderDirectory,
  ProviderDirectoryOptions,
} from './providers';
export { SIGNING_KEY_BITS, createProviderKeys } from './signing-keys';
export type { ProviderKeys, ProviderKeysOptions } from './signing-keys';
export { TOKEN_LIFETIME_SECONDS, createTokenIssuer } from './token-issuer';
export type { TokenIssuer, TokenOrder } from './token-issuer';

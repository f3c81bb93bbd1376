export { ROLES, createAccessControl, unknownRoles } from './access';
export type { AccessControl, Caller, OwnerAction, RoleAssignments } from './access';
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
export { MAX_EVALUATIONS, createEarlierEvaluations } from './earlier-evaluations';
export type { EarlierEvaluations } from './earlier-evaluations';
export { SERVICE_NAME } from './decision';
export type { DecisionDraft } from './decision';
export type { EvidenceType } from './evidence';
export type { PolicySource } from './policy-source';
export { MAX_SIGNERS, createProviderChanges } from './provider-changes';
export type { ProviderChanges, ProviderChangesDeps, SignersChanged } from './provider-changes';
export { createProviderOwner } from './provider-owner';
export type { ProviderOwner, ProviderOwnerDeps } from './provider-owner';
export { PROVIDER_NAME, createProviderRegistry } from './provider-registry';
export type { ProviderRegistry, ProviderRegistryDeps, ProviderRequest } from './provider-registry';
export { DEFAULT_PROVIDERS, createProviderDirectory } from './providers';
export type {
  Address,
  Location,
  Provider,
  ProviderDirectory,
  ProviderDirectoryOptions,
} from './providers';
export { REGIONS, TEE_REGIONS, WILDCARD_HOSTS, providerHost } from './regions';
export { channelOf } from './seen-evaluations';
export { createKeyAdministration } from './key-administration';
export type {
  KeyAdministration,
  KeyAdministrationDeps,
  RegionReport,
  RotationRequest,
} from './key-administration';
export { SIGNING_KEY_BITS } from './plain-key';
export type { ProviderSigner } from './region-key';
export { KEY_OVERLAP_MS, TOKEN_LIFETIME_SECONDS } from './key-line';
export { KEYS_FRESH_MS } from './region-keys';
export type { SignerEnclaves } from './signer-enclaves';
export { MAX_ANNOUNCE_SECONDS, createProviderKeys } from './signing-keys';
export type {
  KeyDescription,
  ProviderKeys,
  ProviderKeysOptions,
  PublishedKey,
} from './signing-keys';
export { teeUnavailable } from './tee-unavailable';
export { DEFAULT_POLICY_JWS, createStoredPolicies } from './stored-policy';
export { createOwnTokens } from './own-token';
export type { OwnTokens, OwnTokensDeps } from './own-token';
export { createPreviewOwner } from './preview-owner';
export type { PreviewOwner, PreviewOwnerDeps } from './preview-owner';
export { createRevocations } from './revocations';
export type { Revocations, RevocationsDeps } from './revocations';
export { createTcbBaselines } from './tcb-baselines';
export type { ListedBaseline, TcbBaselines } from './tcb-baselines';
export { RESULT_LIFETIME_SECONDS, createResultIssuer, createTokenIssuer } from './token-issuer';
export type { ResultIssuer, ResultOrder, TokenIssuer, TokenOrder } from './token-issuer';

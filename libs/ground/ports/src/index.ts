export type {
  AttestationProviderRecord,
  AttestationProviderStore,
  TrustModel,
} from './attestation-provider-store';
export type { Clock } from './clock';
export type { Logger, LogFields } from './logger';
export type { Random } from './random';
export type { RevokedToken, RevokedTokenStore } from './revoked-token-store';
export type {
  CachedDocument,
  DecisionStore,
  DocumentCache,
  FusedPlatform,
  FuseStore,
  RotatingKeyStore,
  SettingStore,
  SigningKeyRecord,
  SigningKeyStore,
  StoredDecision,
} from './stores';
export type { DeletedVaultKey, VaultKeyStore, VaultKeyVersion, Page } from './vault-key-store';

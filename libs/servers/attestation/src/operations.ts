import type { AttestationProviderStore, Clock, RevokedTokenStore } from '@touchstone/ports';
import {
  createOwnTokens,
  createPreviewOwner,
  createProviderChanges,
  createProviderOwner,
  createResultIssuer,
  createRevocations,
  createTcbBaselines,
  type AttestationService,
  type PolicySource,
  type ProviderKeys,
} from '@touchstone/service-attestation';

export interface OperationDeps {
  readonly attestationProviders: AttestationProviderStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly policies: PolicySource;
  readonly service: AttestationService;
  readonly keys: ProviderKeys;
  readonly clock: Clock;
}

/** Everything that a provider does beside attesting; one store behind both dialects. */
export function createOperations(deps: OperationDeps) {
  const { service, keys, clock, policies } = deps;
  const changes = createProviderChanges({ store: deps.attestationProviders, clock });
  const issueResult = createResultIssuer(keys, clock);
  const ownToken = createOwnTokens({ keySet: service.keySet, clock });
  return {
    owner: createProviderOwner({ changes, issueResult }),
    previewOwner: createPreviewOwner({ changes, issueResult, ownToken }),
    baselines: createTcbBaselines(policies),
    revocations: createRevocations({ store: deps.revokedTokens, ownToken, clock }),
  };
}

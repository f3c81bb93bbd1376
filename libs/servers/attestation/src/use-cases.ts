import { BASELINES } from '@touchstone/appraisal';
import { createPccsClient } from '@touchstone/pcs-client';
import {
  channelOf,
  createAttestationService,
  createCollateralArchive,
  createCollateralKeeper,
  createEarlierEvaluations,
  createKeyAdministration,
  createProviderKeys,
  createProviderRegistry,
  createStoredPolicies,
  createTokenIssuer,
  type SignerEnclaves,
} from '@touchstone/service-attestation';
import type { Store } from '@touchstone/store';
import { createQuoteVerifier } from '@touchstone/verification';
import { createOperations } from './operations';
import { pccsCollateral } from './pccs-collateral';
import type { AttestationServiceStart } from './start-options';
import { trustAnchors } from './trust-anchors';

/** What the service does, joined with where it keeps and gets things. */
export function createUseCases(
  options: AttestationServiceStart,
  store: Store,
  enclaves: SignerEnclaves,
) {
  const { clock, logger, random, http, pckCacheUrl, collateralRefreshMs } = options;
  const { collateralRules = {} } = options;
  const { minimumEvaluation } = collateralRules;
  const collateral = createCollateralKeeper({
    source: pccsCollateral(
      createPccsClient({ baseUrl: pckCacheUrl, http }),
      channelOf(minimumEvaluation),
    ),
    archive: createCollateralArchive(store.documents, logger),
    clock,
    logger,
    ...(collateralRefreshMs !== undefined && { refreshMs: collateralRefreshMs }),
    ...(minimumEvaluation !== undefined && { minimumEvaluation }),
  });
  const keys = createProviderKeys({
    store: store.signingKeys,
    documents: store.documents,
    clock,
    random,
    enclaves,
  });
  const earlierEvaluations = createEarlierEvaluations(store.documents, logger);
  const policies = createStoredPolicies();
  const service = createAttestationService({
    verifier: createQuoteVerifier({ anchors: trustAnchors(options.simulatedRoot) }),
    collateral,
    earlierEvaluations,
    policies,
    baseline: BASELINES[options.baseline ?? 'azuredefault'],
    collateralRules,
    keys,
    issueToken: createTokenIssuer(keys, random),
    clock,
  });
  const providers = store.attestationProviders;
  const operations = createOperations({ ...store, policies, service, keys, clock });
  const registry = createProviderRegistry({ store: providers, keys, clock, random, logger });
  const keyAdministration = createKeyAdministration({ keys, providers, logger });
  const flush = async (): Promise<void> => {
    await collateral.flush();
    await earlierEvaluations.flush();
  };
  return { service, collateral, flush, keys, keyAdministration, operations, registry };
}

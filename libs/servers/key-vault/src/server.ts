import type { Express } from 'express';
import { createApp } from '@touchstone/http';
import type { Clock, DecisionStore, Logger, Random } from '@touchstone/ports';
import type { Metrics } from '@touchstone/runtime';
import type { KeyVault } from '@touchstone/service-key-vault';
import { answerHeaders } from './answer-headers';
import { vaultDialect } from './dialect';
import type { Challenge } from './dialect';
import { collapseSlashes, door } from './door';
import type { BearerVerifier } from './door';
import { keyRoutes } from './key-routes';
import { SERVICE_NAME, releaseRoute } from './release-route';
import { unsupportedRoutes } from './unsupported-routes';
import type { VaultDirectory } from './vault-directory';

export interface KeyVaultServerOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random?: Random;
  readonly decisions: DecisionStore;
  readonly directory: VaultDirectory;
  readonly bearer: BearerVerifier;
  readonly audiences: readonly string[];
  readonly challenge: Challenge;
  readonly region: string;
  /** Opens the decision records over the wire. */
  readonly operatorToken?: string;
  readonly ready?: () => Promise<void>;
}

/** The REST API of Azure Key Vault's keys over one service. It never listens. */
export function createKeyVaultServer(service: KeyVault, options: KeyVaultServerOptions): Express {
  const { logger, metrics, clock, decisions, operatorToken, random, ready } = options;
  return createApp({
    service: SERVICE_NAME,
    logger,
    metrics,
    clock,
    requestId: 'azure',
    ...(random !== undefined && { random }),
    ...(ready !== undefined && { ready }),
    ...(operatorToken !== undefined && { operator: { token: operatorToken, decisions } }),
    errors: vaultDialect(options.challenge),
    routes: (app) => {
      // Every answer, refusals too, carries the vault's headers.
      app.use(answerHeaders(options.region));
      // `/keys/k1//release` is `/keys/k1/release`.
      app.use(collapseSlashes);
      // Vault by host, caller by token, API version: before any body is read or any key looked up.
      app.use(door(options));
      unsupportedRoutes(app);
      keyRoutes(app, service, releaseRoute(service, { decisions, logger, metrics }));
    },
  });
}

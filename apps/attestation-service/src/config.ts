import type { BaselineName } from '@touchstone/server-attestation';
import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';

export const DEFAULT_PORT = 7010;
export const DEFAULT_PCK_CACHE_URL = 'https://localhost:8081';
const BASELINE_NAMES: readonly BaselineName[] = ['azuredefault', 'current'];
const SECONDS = { min: 1, max: 86_400 };
const DEFAULT_REFRESH_SECONDS = 3600;

export interface Config extends ServiceSettings {
  /** `ATTESTATION_SERVICE_PORT`. */
  readonly port: number;
  /** `ATTESTATION_SERVICE_PCK_CACHE_URL`. */
  readonly pckCacheUrl: string;
  /** `ATTESTATION_SERVICE_PUBLIC_ORIGINS`, separated by commas: origins that callers use beside `https://localhost:<port>`. */
  readonly publicOrigins: readonly string[];
  /** `ATTESTATION_SERVICE_BASELINE`. */
  readonly baseline: BaselineName;
  /** `ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS`. */
  readonly collateralRefreshMs: number;
  /** `TOUCHSTONE_SIMULATED_ROOT`: file of a simulator's root certificate. Unset: only genuine platforms are trusted. */
  readonly simulatedRootFile?: string;
  /** `TOUCHSTONE_OPERATOR_TOKEN`: opens the decision records over the wire. */
  readonly operatorToken?: string;
}

/** @throws ConfigError CONFIG_INVALID with every problem at once */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return readEnv(env, (reader) => {
    const publicOrigins = reader.list('ATTESTATION_SERVICE_PUBLIC_ORIGINS');
    if (!publicOrigins.every(isOrigin)) {
      reader.refuse(
        'ATTESTATION_SERVICE_PUBLIC_ORIGINS',
        'must be origins such as https://attestation-service:7010',
      );
    }
    const simulatedRootFile = reader.optional('TOUCHSTONE_SIMULATED_ROOT');
    const operatorToken = reader.optional('TOUCHSTONE_OPERATOR_TOKEN');
    const refresh = reader.integer(
      'ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS',
      DEFAULT_REFRESH_SECONDS,
      SECONDS,
    );
    return {
      ...readServiceSettings(reader),
      port: reader.port('ATTESTATION_SERVICE_PORT', DEFAULT_PORT),
      pckCacheUrl: reader.url('ATTESTATION_SERVICE_PCK_CACHE_URL', DEFAULT_PCK_CACHE_URL),
      publicOrigins,
      baseline: reader.oneOf('ATTESTATION_SERVICE_BASELINE', BASELINE_NAMES, 'azuredefault'),
      collateralRefreshMs: refresh * 1000,
      ...(simulatedRootFile !== undefined && { simulatedRootFile }),
      ...(operatorToken !== undefined && { operatorToken }),
    };
  });
}

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:' && new URL(text).origin === text;

import {
  PREVIEW_TOKEN_FORMS,
  type AttestationServiceStart,
  type BaselineName,
  type PreviewTokenForm,
} from '@touchstone/server-attestation';
import { unknownRoles, type RoleAssignments } from '@touchstone/service-attestation';
import {
  readEnv,
  readServiceSettings,
  type EnvReader,
  type ServiceSettings,
} from '@touchstone/runtime';

export const DEFAULT_PORT = 7010;
export const DEFAULT_PCK_CACHE_URL = 'https://localhost:8081';
export const DEFAULT_IDENTITY_URL = 'https://localhost:7001';
/** The well-known development tenant. */
export const DEFAULT_TENANT = '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10';
const BASELINE_NAMES: readonly BaselineName[] = ['azuredefault', 'current'];
type CollateralRules = NonNullable<AttestationServiceStart['collateralRules']>;

const SECONDS = { min: 1, max: 86_400 };
const DEFAULT_REFRESH_SECONDS = 3600;
const EVALUATION_NUMBER = /^[1-9]\d{0,8}$/;
/** Ten years: more than any document is valid. */
const MAXIMUM_AGE = { min: 1, max: 315_360_000 };

export interface Config extends ServiceSettings {
  /** `ATTESTATION_SERVICE_PORT`. */
  readonly port: number;
  /** `ATTESTATION_SERVICE_PCK_CACHE_URL`. */
  readonly pckCacheUrl: string;
  /** `ATTESTATION_SERVICE_PUBLIC_ORIGINS`, separated by commas: origins that callers use beside `https://localhost:<port>`. */
  readonly publicOrigins: readonly string[];
  /** `ATTESTATION_SERVICE_BASELINE`. */
  readonly baseline: BaselineName;
  /**
   * `ATTESTATION_SERVICE_MINIMUM_EVALUATION`: `standard`, `early` or a TCB evaluation data number.
   * `ATTESTATION_SERVICE_COLLATERAL_MAXIMUM_AGE_SECONDS`: age of TCB info and QE identity since their issue.
   */
  readonly collateralRules: CollateralRules;
  /** `ATTESTATION_SERVICE_PREVIEW_TOKENS`: `json`, or `bare` for clients of the preview that take the whole body for a token. */
  readonly previewTokens: PreviewTokenForm;
  /** `ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS`. */
  readonly collateralRefreshMs: number;
  /** `ATTESTATION_SERVICE_IDENTITY_URL` and `ATTESTATION_SERVICE_TENANT`: whose bearer tokens are taken. */
  readonly identity: { readonly authority: string; readonly tenant: string };
  /** `ATTESTATION_SERVICE_ROLE_ASSIGNMENTS`: a JSON object from object id to role names or ids. */
  readonly roleAssignments?: RoleAssignments;
  /** `TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS`. */
  readonly allowDevelopmentCredentials: boolean;
  /** `TOUCHSTONE_SIMULATED_ROOT`: file of a simulator's root certificate. Unset: only genuine platforms are trusted. */
  readonly simulatedRootFile?: string;
  /** `ATTESTATION_SERVICE_ENCLAVE_HOST_URL`: the machine that holds the signing keys of TEE regions. Unset: those have none. */
  readonly enclaveHostUrl?: string;
  /** `TOUCHSTONE_OPERATOR_TOKEN`: opens the decision records and the making of providers over the wire. */
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
    const enclaveHostUrl = reader.url('ATTESTATION_SERVICE_ENCLAVE_HOST_URL');
    const roleAssignments = reader.json(
      'ATTESTATION_SERVICE_ROLE_ASSIGNMENTS',
      readAssignments,
      undefined,
    );
    const refresh = reader.integer(
      'ATTESTATION_SERVICE_COLLATERAL_REFRESH_SECONDS',
      DEFAULT_REFRESH_SECONDS,
      SECONDS,
    );
    return {
      ...readServiceSettings(reader),
      port: reader.port('ATTESTATION_SERVICE_PORT', DEFAULT_PORT),
      pckCacheUrl: reader.url('ATTESTATION_SERVICE_PCK_CACHE_URL', DEFAULT_PCK_CACHE_URL),
      identity: {
        authority: reader.url('ATTESTATION_SERVICE_IDENTITY_URL', DEFAULT_IDENTITY_URL),
        tenant: reader.text('ATTESTATION_SERVICE_TENANT', DEFAULT_TENANT),
      },
      allowDevelopmentCredentials: reader.flag('TOUCHSTONE_ALLOW_DEVELOPMENT_CREDENTIALS'),
      publicOrigins,
      baseline: reader.oneOf('ATTESTATION_SERVICE_BASELINE', BASELINE_NAMES, 'azuredefault'),
      collateralRules: readCollateralRules(reader),
      previewTokens: reader.oneOf(
        'ATTESTATION_SERVICE_PREVIEW_TOKENS',
        PREVIEW_TOKEN_FORMS,
        'json',
      ),
      collateralRefreshMs: refresh * 1000,
      ...(roleAssignments !== undefined && { roleAssignments }),
      ...(simulatedRootFile !== undefined && { simulatedRootFile }),
      ...(operatorToken !== undefined && { operatorToken }),
      ...(enclaveHostUrl !== undefined && { enclaveHostUrl }),
    };
  });
}

function readCollateralRules(reader: EnvReader): CollateralRules {
  const minimumEvaluation = readMinimumEvaluation(reader);
  const age = reader.integer('ATTESTATION_SERVICE_COLLATERAL_MAXIMUM_AGE_SECONDS', 0, MAXIMUM_AGE);
  return {
    ...(minimumEvaluation !== undefined && { minimumEvaluation }),
    ...(age > 0 && { maximumAgeMs: age * 1000 }),
  };
}

function readMinimumEvaluation(reader: EnvReader): CollateralRules['minimumEvaluation'] {
  const name = 'ATTESTATION_SERVICE_MINIMUM_EVALUATION';
  const text = reader.optional(name);
  if (text === undefined || text === 'standard' || text === 'early') return text;
  if (EVALUATION_NUMBER.test(text)) return Number(text);
  reader.refuse(name, 'must be standard, early or a whole number from 1 to 999999999');
  return undefined;
}

function readAssignments(value: unknown): RoleAssignments {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('an object');
  const entries = Object.entries(value).map(([oid, roles]: [string, unknown]) => {
    if (!Array.isArray(roles)) throw new TypeError('an object from object id to a list of roles');
    const names = roles.map(String);
    const unknown = unknownRoles(names);
    if (unknown.length > 0) throw new TypeError(`no such role: ${unknown.join(', ')}`);
    return [oid, names] as const;
  });
  return Object.fromEntries(entries);
}

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:' && new URL(text).origin === text;

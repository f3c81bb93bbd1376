import path from 'node:path';
import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';
import {
  DEFAULT_MODEL,
  readSecretSharing,
  type ProcessorTcb,
  type SecretSharingSettings,
} from '@touchstone/server-enclave-host';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';

export const DEFAULT_PORT = 5000;
export const DEFAULT_OPERATOR_PORT = 5001;
const DEFAULT_ATTESTATION_URLS = ['sharedeus2', 'sharedcus', 'shareduks'].map(
  (provider) => `https://localhost:7010/${provider}`,
);
const DEFAULT_VAULT_URLS = ['https://localhost:7020'];

export interface Config extends ServiceSettings {
  /** `ENCLAVE_HOST_PORT`: gRPC. */
  readonly port: number;
  /** `ENCLAVE_HOST_OPERATOR_PORT`: HTTPS for health and metrics. */
  readonly operatorPort: number;
  /** `ENCLAVE_HOST_DNS_NAMES`, separated by commas: names in the certificate beside `localhost` and `enclave-host`. */
  readonly dnsNames: readonly string[];
  /** `TOUCHSTONE_TLS_DIR`: folder of the local CA, when it is not in the state folder. */
  readonly tlsDir?: string;
  /** `ENCLAVE_HOST_MODEL`: the processor that is made on first start. */
  readonly model: string;
  /** `ENCLAVE_HOST_TCB`, `newest` or `oldest`: which of its certified TCBs that processor has. */
  readonly tcb: ProcessorTcb;
  /** The guide's service; absent unless it is asked for. */
  readonly secretSharing?: SecretSharingSettings;
  /** `ENCLAVE_HOST_INTEL_PCS_URL`, and `ENCLAVE_HOST_MANUFACTURING_TOKEN` where no state folder is shared. */
  readonly intelPcs: { readonly url: string; readonly manufacturingToken?: string };
  /** `ENCLAVE_HOST_PCK_CACHE_URL`. */
  readonly pckCacheUrl: string;
  /** `ENCLAVE_HOST_ATTESTATION_URLS` and `ENCLAVE_HOST_VAULT_URLS`, separated by commas: nobody else is talked to. */
  readonly attestationUrls: readonly string[];
  readonly vaultUrls: readonly string[];
  /** `ENCLAVE_HOST_STORAGE_URLS`, separated by commas: storage accounts to fetch blobs from; none unless named. */
  readonly storageUrls: readonly string[];
  /** `ENCLAVE_HOST_IDENTITY_URL`, `_TENANT`, `_CLIENT_ID`, `_CLIENT_SECRET`: who this host is before the vaults. */
  readonly identity: {
    readonly authority: string;
    readonly tenant: string;
    readonly clientId: string;
    readonly secret: string;
  };
  /** `TOUCHSTONE_ENCLAVES`: folder of built enclaves; beside the bundles of the apps when not set. */
  readonly enclavesFolder: string;
  /** `TOUCHSTONE_SEED`, hex: fuses and author key are drawn from it. */
  readonly seed?: string;
}

/** @throws ConfigError CONFIG_INVALID with every problem at once */
export function loadConfig(env: NodeJS.ProcessEnv, bundleFolder = __dirname): Config {
  return readEnv(env, (reader) => {
    const urls = (name: string, fallback: readonly string[]): readonly string[] => {
      const list = reader.list(name, fallback);
      const missing = list.length === 0 && fallback.length > 0;
      if (missing || !list.every(isHttpsUrl)) reader.refuse(name, 'must be https URLs');
      return list;
    };
    const manufacturingToken = reader.optional('ENCLAVE_HOST_MANUFACTURING_TOKEN');
    const tlsDir = reader.optional('TOUCHSTONE_TLS_DIR');
    const seed = reader.hex('TOUCHSTONE_SEED');
    const secretSharing = readSecretSharing(reader);
    return {
      ...readServiceSettings(reader),
      port: reader.port('ENCLAVE_HOST_PORT', DEFAULT_PORT),
      operatorPort: reader.port('ENCLAVE_HOST_OPERATOR_PORT', DEFAULT_OPERATOR_PORT),
      dnsNames: reader.list('ENCLAVE_HOST_DNS_NAMES'),
      model: reader.text('ENCLAVE_HOST_MODEL', DEFAULT_MODEL),
      tcb: reader.oneOf('ENCLAVE_HOST_TCB', ['newest', 'oldest'], 'newest'),
      ...(secretSharing !== undefined && { secretSharing }),
      intelPcs: {
        url: reader.url('ENCLAVE_HOST_INTEL_PCS_URL', 'https://localhost:7030'),
        ...(manufacturingToken !== undefined && { manufacturingToken }),
      },
      pckCacheUrl: reader.url('ENCLAVE_HOST_PCK_CACHE_URL', 'https://localhost:8081'),
      attestationUrls: urls('ENCLAVE_HOST_ATTESTATION_URLS', DEFAULT_ATTESTATION_URLS),
      vaultUrls: urls('ENCLAVE_HOST_VAULT_URLS', DEFAULT_VAULT_URLS),
      storageUrls: urls('ENCLAVE_HOST_STORAGE_URLS', []),
      identity: {
        authority: reader.url('ENCLAVE_HOST_IDENTITY_URL', 'https://localhost:7001'),
        tenant: reader.text('ENCLAVE_HOST_TENANT', DEVELOPMENT_TENANT_ID),
        clientId: reader.text('ENCLAVE_HOST_CLIENT_ID', DEVELOPMENT_CLIENT_ID),
        secret: reader.text('ENCLAVE_HOST_CLIENT_SECRET', DEVELOPMENT_CLIENT_SECRET),
      },
      enclavesFolder: path.resolve(
        reader.text('TOUCHSTONE_ENCLAVES', path.join(bundleFolder, '../../enclaves')),
      ),
      ...(tlsDir !== undefined && { tlsDir }),
      ...(seed !== undefined && { seed }),
    };
  });
}

const isHttpsUrl = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:';

import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';

export const DEFAULT_PORT = 8081;

export interface Config extends ServiceSettings {
  readonly port: number;
  /** Folder of the local CA, when it is not in the state folder. */
  readonly tlsDir?: string;
  /** Origin of the provisioning certification service; Intel's when absent. */
  readonly upstreamUrl?: string;
  /** Where the root CRL is published; Intel's address when absent. */
  readonly rootCrlUrl?: string;
  /** For Intel's service; only its v3 wants one. */
  readonly subscriptionKey?: string;
  readonly mode: 'LAZY' | 'REQ' | 'OFFLINE';
  readonly refreshSeconds: number;
  /** Lower-case hex SHA-512 of the admin token; without it nobody may refresh. */
  readonly adminTokenHash?: string;
  /** Host names in the certificate beside `localhost` and `pck-cache`. */
  readonly dnsNames: readonly string[];
}

const DAY_SECONDS = 86_400;
const SHA512_DIGITS = 128;

/** The configuration of the process; every problem at once as CONFIG_INVALID. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return readEnv(env, (reader) => {
    const adminTokenHash = reader.hex('PCK_CACHE_ADMIN_TOKEN_HASH');
    if (adminTokenHash !== undefined && adminTokenHash.length !== SHA512_DIGITS) {
      reader.refuse('PCK_CACHE_ADMIN_TOKEN_HASH', 'must be a SHA-512 in hex');
    }
    const optional = {
      tlsDir: reader.optional('TOUCHSTONE_TLS_DIR'),
      upstreamUrl: reader.url('PCK_CACHE_UPSTREAM_URL'),
      rootCrlUrl: reader.url('PCK_CACHE_ROOT_CRL_URL'),
      subscriptionKey: reader.optional('PCK_CACHE_API_KEY'),
      adminTokenHash,
    };
    return {
      ...readServiceSettings(reader),
      port: reader.port('PCK_CACHE_PORT', DEFAULT_PORT),
      mode: reader.oneOf('PCK_CACHE_FILL_MODE', ['LAZY', 'REQ', 'OFFLINE'], 'LAZY'),
      refreshSeconds: reader.integer('PCK_CACHE_REFRESH_SECONDS', DAY_SECONDS, {
        min: 1,
        max: 14 * DAY_SECONDS,
      }),
      dnsNames: reader.list('PCK_CACHE_DNS_NAMES'),
      ...present(optional),
    };
  });
}

/** Only the members that have a value: an option that is absent must not be there as `undefined`. */
function present<Members extends Record<string, string | undefined>>(members: Members) {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Members]?: string };
}

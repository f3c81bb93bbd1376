import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';

export const DEFAULT_PORT = 10000;

export interface Config extends ServiceSettings {
  /** `STORAGE_PORT`. */
  readonly port: number;
  /** `TOUCHSTONE_TLS_DIR`: folder of the local CA, when it is not in the state folder. */
  readonly tlsDir?: string;
  /** `STORAGE_ACCOUNT_KEY`, base64 of the key of the account `touchstone`. */
  readonly accountKey: string;
  /** `STORAGE_DNS_NAMES`, separated by commas: names in the certificate beside `localhost` and `storage`. */
  readonly dnsNames: readonly string[];
}

const BASE64 = /^(?:[0-9A-Za-z+/]{4}){8,}(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/;

/** @throws ConfigError CONFIG_INVALID with every problem at once */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return readEnv(env, (reader) => {
    const accountKey = reader.optional('STORAGE_ACCOUNT_KEY') ?? '';
    if (!BASE64.test(accountKey)) {
      reader.refuse('STORAGE_ACCOUNT_KEY', 'must be base64 of 24 bytes or more');
    }
    const tlsDir = reader.optional('TOUCHSTONE_TLS_DIR');
    return {
      ...readServiceSettings(reader),
      port: reader.port('STORAGE_PORT', DEFAULT_PORT),
      accountKey,
      dnsNames: reader.list('STORAGE_DNS_NAMES'),
      ...(tlsDir !== undefined && { tlsDir }),
    };
  });
}

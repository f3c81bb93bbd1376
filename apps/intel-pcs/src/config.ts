import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';

export const DEFAULT_PORT = 7030;

export interface Config extends ServiceSettings {
  readonly port: number;
  /** Folder of the local CA, when it is not in the state folder. */
  readonly tlsDir?: string;
  /** Bearer token of the factory and of the simulation; kept in the state folder when absent. */
  readonly manufacturingToken?: string;
  /** Subscription keys that v3 takes; any when absent. */
  readonly subscriptionKeys?: readonly string[];
  /** Host names to answer to beside `localhost` and Intel's own. */
  readonly dnsNames: readonly string[];
  /** `INTEL_PCS_ROOT_FILE`: where the root certificate is put for verifiers, when not in the state folder. */
  readonly rootFile?: string;
  /** Hex: the authority and the processors it makes are drawn from it, so that a run can be made again. */
  readonly seed?: string;
}

/** The configuration of the process; every problem at once as CONFIG_INVALID. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return readEnv(env, (reader) => {
    const tlsDir = reader.optional('TOUCHSTONE_TLS_DIR');
    const manufacturingToken = reader.optional('INTEL_PCS_MANUFACTURING_TOKEN');
    const subscriptionKeys = reader.list('INTEL_PCS_SUBSCRIPTION_KEYS');
    const rootFile = reader.optional('INTEL_PCS_ROOT_FILE');
    const seed = reader.hex('TOUCHSTONE_SEED');
    return {
      ...readServiceSettings(reader),
      port: reader.port('INTEL_PCS_PORT', DEFAULT_PORT),
      dnsNames: reader.list('INTEL_PCS_DNS_NAMES'),
      ...(tlsDir === undefined ? {} : { tlsDir }),
      ...(manufacturingToken === undefined ? {} : { manufacturingToken }),
      ...(subscriptionKeys.length === 0 ? {} : { subscriptionKeys }),
      ...(rootFile === undefined ? {} : { rootFile }),
      ...(seed === undefined ? {} : { seed }),
    };
  });
}

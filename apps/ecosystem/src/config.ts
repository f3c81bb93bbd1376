import path from 'node:path';
import { parseArgs } from 'node:util';
import { readEnv, readServiceSettings, type ServiceSettings } from '@touchstone/runtime';
import type { PortChoice } from '@touchstone/server-ecosystem';
import { readSecretSharing, type SecretSharingSettings } from '@touchstone/server-enclave-host';

export interface Config extends ServiceSettings {
  readonly ports: PortChoice;
  readonly seed?: string;
  /** `TOUCHSTONE_ENCLAVES`: folder of built enclaves. */
  readonly enclavesFolder?: string;
  /** The guide's service on the enclave host, by the variables that `apps/enclave-host` reads. */
  readonly secretSharing?: SecretSharingSettings;
}

const PORT_CHOICES: readonly PortChoice[] = ['local', 'ephemeral'];

/**
 * Arguments go before the environment: `--home DIR`, `--ports local|ephemeral`, `--seed HEX`. A relative folder counts from where
 * npm was called. @throws ConfigError CONFIG_INVALID with every problem at once; TypeError for an unknown argument.
 */
export function loadConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config {
  const { values } = parseArgs({
    args: [...args],
    options: { home: { type: 'string' }, ports: { type: 'string' }, seed: { type: 'string' } },
  });
  const home = values.home ?? env['TOUCHSTONE_HOME'] ?? '.touchstone';
  const merged = {
    ...env,
    TOUCHSTONE_HOME: path.resolve(env['INIT_CWD'] ?? '.', home),
    ...(values.ports !== undefined && { TOUCHSTONE_PORTS: values.ports }),
    ...(values.seed !== undefined && { TOUCHSTONE_SEED: values.seed }),
  };
  return readEnv(merged, (reader) => {
    const seed = reader.hex('TOUCHSTONE_SEED');
    const enclavesFolder = reader.optional('TOUCHSTONE_ENCLAVES');
    const secretSharing = readSecretSharing(reader);
    return {
      ...readServiceSettings(reader),
      ports: reader.oneOf('TOUCHSTONE_PORTS', PORT_CHOICES, 'local'),
      ...(seed !== undefined && { seed }),
      ...(enclavesFolder !== undefined && { enclavesFolder }),
      ...(secretSharing !== undefined && { secretSharing }),
    };
  });
}

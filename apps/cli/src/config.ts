import path from 'node:path';

export interface Config {
  /** Folder of the built enclaves (`TOUCHSTONE_ENCLAVES`); beside the bundles of the apps when not set. */
  readonly enclaves: string;
}

export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return { enclaves: env['TOUCHSTONE_ENCLAVES'] ?? path.resolve(__dirname, '../../enclaves') };
}

export { ENDPOINTS_FILE } from './endpoints';
export type { Endpoints } from './endpoints';
export { LOCAL_PORTS } from './ports';
export type { EcosystemService, PortChoice } from './ports';
export { startEcosystem } from './start';
export type { EcosystemOptions, RunningEcosystem } from './start';

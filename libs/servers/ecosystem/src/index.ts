export { ENDPOINTS_FILE } from './endpoints';
export type { Endpoints } from './endpoints';
export { appEntry, startEcosystemProcess } from './ecosystem-process';
export type { EcosystemProcess } from './ecosystem-process';
export { HomeError, readEndpoints, resolveHome, serviceUrl } from './home';
export { LOCAL_PORTS } from './ports';
export type { EcosystemService, PortChoice } from './ports';
export { startEcosystem } from './start';
export type { EcosystemOptions, RunningEcosystem } from './start';

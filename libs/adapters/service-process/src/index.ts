export { ServiceProcessError, startServiceProcess } from './service-process';
export type { ServiceProcess, ServiceProcessOptions } from './service-process';

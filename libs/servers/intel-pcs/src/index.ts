export { ROOT_FILE, TOKEN_FILE } from './files';
export { foundAuthority } from './founding';
export type { FoundingOptions } from './founding';
export { createIntelPcsServer } from './server';
export type { IntelPcsServerOptions } from './server';
export { createIntelPcs } from './service';
export type { Availability, IntelPcs, IntelPcsDeps } from './service';
export { startIntelPcs } from './start';
export type { IntelPcsOptions, RunningIntelPcs } from './start';

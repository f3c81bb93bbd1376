export { AUTHOR_KEY_FILE, openAuthorKey } from './author-key';
export type { AuthorKeyOptions } from './author-key';
export { readImages } from './image-folder';
export { ManufacturingError } from './manufacturer';
export { createEnclaveHostServer } from './server';
export type { EnclaveHostServerOptions } from './server';
export { DEFAULT_MODEL, startEnclaveHost } from './start';
export type { EnclaveHostStartOptions, RunningEnclaveHost } from './start';
export { STATUSES } from './status-table';

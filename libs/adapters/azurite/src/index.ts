export { startAzurite } from './azurite';
export type { Azurite, AzuriteOptions } from './azurite';

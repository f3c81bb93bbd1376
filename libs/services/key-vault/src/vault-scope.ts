import type { keyVault } from '@touchstone/wire';

/** Which vault a request is for, and how its caller named it. */
export interface VaultScope {
  readonly vault: string;
  readonly view: keyVault.VaultView;
  readonly apiVersion: keyVault.ApiVersion;
}

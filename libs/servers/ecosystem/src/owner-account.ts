import type { OwnerAccount } from '@touchstone/data-owner';
import type { Endpoints } from './endpoints';
import { serviceUrl } from './home';

/** The development client as a data owner, before the ecosystem's vault. `ca` is PEM. */
export const ownerAccount = (endpoints: Endpoints, ca: string): OwnerAccount => ({
  vaultUrl: serviceUrl(endpoints, 'key-vault'),
  authorityHost: serviceUrl(endpoints, 'identity'),
  tenant: endpoints.tenant,
  client: endpoints.client,
  ca,
});

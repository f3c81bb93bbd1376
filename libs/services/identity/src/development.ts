import type { Tenant } from './directory';

// Well known on purpose, as the account of a storage emulator is: never for a server that others can reach.
export const DEVELOPMENT_TENANT_ID = '7d3e5e3a-6a55-4a3a-9f3c-0d0c1b5b7a10';
export const DEVELOPMENT_CLIENT_ID = '2f1b1f43-5a0e-4c0e-8c31-9a5f0b2f6c11';
export const DEVELOPMENT_CLIENT_SECRET = 'touchstone-development-secret';
export const DEVELOPMENT_OBJECT_ID = 'b4a7f2d0-3c77-4c1f-8b2e-6f1f0c8d9e12';

export const DEVELOPMENT_TENANT: Tenant = {
  id: DEVELOPMENT_TENANT_ID,
  applications: [
    {
      clientId: DEVELOPMENT_CLIENT_ID,
      secrets: [DEVELOPMENT_CLIENT_SECRET],
      objectId: DEVELOPMENT_OBJECT_ID,
    },
  ],
};

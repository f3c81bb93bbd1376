import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID as TENANT,
} from '@touchstone/service-identity';
import { ask, type Answer, type IdentityProcess } from './identity-process';

/** A tenant beside the development tenant, as the configuration brings it. */
export const OTHER_TENANT = '11111111-2222-4333-8444-555555555555';
export const OTHER_CLIENT = '66666666-7777-4888-9999-aaaaaaaaaaaa';
export const OTHER_OBJECT = 'bbbbbbbb-cccc-4ddd-8eee-ffffffffffff';

export const environment = {
  TOUCHSTONE_NOW: '2026-03-01T12:00:00Z',
  IDENTITY_RESOURCES: 'https://lab.example',
  IDENTITY_TENANTS: JSON.stringify([
    {
      id: OTHER_TENANT,
      domains: ['contoso.example'],
      applications: [
        {
          clientId: OTHER_CLIENT,
          secrets: ['old', 'n:ew secret&'],
          objectId: OTHER_OBJECT,
          roles: ['Reader'],
        },
      ],
    },
  ]),
};

export const VAULT = 'https://vault.azure.net';
export const V2 = `/${TENANT}/oauth2/v2.0/token`;
export const V1 = `/${TENANT}/oauth2/token`;

export const grant = {
  grant_type: 'client_credentials',
  client_id: DEVELOPMENT_CLIENT_ID,
  client_secret: DEVELOPMENT_CLIENT_SECRET,
};
export const V2_GRANT = { ...grant, scope: `${VAULT}/.default` };

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export function postForm(
  identity: IdentityProcess,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = new URLSearchParams(fields).toString();
  return ask(identity, path, { method: 'POST', headers: { ...FORM, ...headers }, body });
}

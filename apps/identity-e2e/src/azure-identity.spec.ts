import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromUtf8 } from '@touchstone/bytes';
import { createBearerVerifier } from '@touchstone/entra-client';
import { createHttpClient } from '@touchstone/http-client';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_OBJECT_ID,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { readFileSync } from 'node:fs';
import { startIdentityProcess, type IdentityProcess } from './__fixtures__/identity-process';

interface ClientAnswer {
  readonly tokens: readonly { readonly token: string; readonly expiresOnTimestamp: number }[];
  readonly error?: { readonly name: string; readonly message: string };
}

let identity: IdentityProcess;
beforeAll(async () => {
  identity = await startIdentityProcess();
}, 30_000);
afterAll(() => identity.remove());

/** The official client, unmodified, over TLS under the local CA. */
async function azureClient(
  scopes: readonly string[],
  secret = DEVELOPMENT_CLIENT_SECRET,
): Promise<ClientAnswer> {
  const request = {
    authority: identity.url,
    tenant: DEVELOPMENT_TENANT_ID,
    clientId: DEVELOPMENT_CLIENT_ID,
    secret,
    scopes,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(__dirname, '__fixtures__/azure-client.mjs'), JSON.stringify(request)],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: identity.caFile } },
  );
  return JSON.parse(stdout) as ClientAnswer;
}

describe('ClientSecretCredential of @azure/identity', () => {
  it('gets tokens that the verifier takes', async () => {
    const { tokens } = await azureClient([
      'https://vault.azure.net/.default',
      'https://management.core.windows.net//.default',
    ]);
    expect(tokens).toHaveLength(2);
    const http = createHttpClient({ ca: readFileSync(identity.caFile, 'utf8') });
    const verifier = createBearerVerifier({
      authority: identity.url,
      tenant: DEVELOPMENT_TENANT_ID,
      http,
      clock: { now: () => new Date() },
    });
    const principal = await verifier.verify(`Bearer ${tokens[0]?.token}`, [
      'https://vault.azure.net',
    ]);
    expect(principal).toEqual({
      oid: DEVELOPMENT_OBJECT_ID,
      appid: DEVELOPMENT_CLIENT_ID,
      tid: DEVELOPMENT_TENANT_ID,
      audience: 'https://vault.azure.net',
      roles: [],
    });
    const claims = jwtClaims(parseCompactJws(tokens[1]?.token ?? ''));
    expect(claims['aud']).toBe('https://management.core.windows.net/');
    await http.close();
  }, 30_000);

  it('reads a refusal as one', async () => {
    const { error } = await azureClient(['https://vault.azure.net/.default'], 'wrong');
    expect(error?.name).toBe('AuthenticationRequiredError');
    expect(error?.message).toContain('AADSTS7000215');
    expect(fromUtf8(identity.lines.join()).length).toBeGreaterThan(0);
    expect(identity.lines.join()).not.toContain(DEVELOPMENT_CLIENT_SECRET);
  }, 30_000);
});

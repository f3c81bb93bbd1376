import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createHttpClient } from '@touchstone/http-client';
import { silentLogger, systemClock, systemRandom } from '@touchstone/runtime';
import { startIdentity } from '@touchstone/server-identity';
import { startKeyVault } from '@touchstone/server-key-vault';
import {
  DEVELOPMENT_CLIENT_ID,
  DEVELOPMENT_CLIENT_SECRET,
  DEVELOPMENT_TENANT_ID,
} from '@touchstone/service-identity';
import { openLocalCa } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';
import { anEnvironment, openReleased, policyFor, unwrapReleased } from './released';
import { openAuthority } from './stand';
import type { AuthorityStand } from './stand';

const SCRIPT = path.join(__dirname, '__fixtures__', 'official-walk.mjs');
const run = promisify(execFile);

let ca: LocalCa;
let authority: AuthorityStand;
let identityUrl: string;
let vaultUrl: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'key-vault-identity-'));
  ca = await openLocalCa(home);
  const clock = systemClock();
  authority = await openAuthority(ca, () => clock.now());
  const http = createHttpClient({ ca: ca.pem });
  const shared = {
    home,
    host: '127.0.0.1',
    port: 0,
    clock,
    logger: silentLogger,
    random: systemRandom,
    tls: ca,
    kek: systemRandom.bytes(32),
    http,
  };
  const identity = await startIdentity(shared);
  const vault = await startKeyVault({
    ...shared,
    identity: { authority: identity.url, tenant: DEVELOPMENT_TENANT_ID },
  });
  identityUrl = identity.url;
  vaultUrl = vault.url;
  closing.push(
    () => vault.close(),
    () => identity.close(),
    () => http.close(),
    () => authority.stand.close(),
    () => rm(home, { recursive: true }),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
});

async function walk(secret: string): Promise<Record<string, string>> {
  const { stdout } = await run(process.execPath, [SCRIPT], {
    env: {
      PATH: process.env['PATH'],
      NODE_EXTRA_CA_CERTS: ca.file,
      AUTHORITY: identityUrl,
      TENANT: DEVELOPMENT_TENANT_ID,
      CLIENT_ID: DEVELOPMENT_CLIENT_ID,
      CLIENT_SECRET: secret,
      VAULT_URL: vaultUrl,
      RELEASE_POLICY: JSON.stringify(policyFor(authority.url)),
      ATTESTATION_TOKEN: authority.token(anEnvironment().claims),
    },
  });
  return JSON.parse(stdout) as Record<string, string>;
}

describe('the official client with the official credential', () => {
  it('creates and releases a key as the development client', async () => {
    const { kid, value = '' } = await walk(DEVELOPMENT_CLIENT_SECRET);
    expect(kid).toMatch(new RegExp(`^${vaultUrl}/keys/official/[0-9a-f]{32}$`));
    const released = openReleased(value);
    expect(released.response.key.key['kid']).toBe(kid);
    expect(unwrapReleased(released, anEnvironment()).length).toBeGreaterThan(1000);
  }, 30_000);

  it('gets no further with a wrong secret', async () => {
    const { message, value } = await walk('wrong');
    expect(message).toContain('AADSTS7000215');
    expect(value).toBeUndefined();
  }, 30_000);
});

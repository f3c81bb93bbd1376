import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KeyClient } from '@azure/keyvault-keys';
import { toUtf8 } from '@touchstone/bytes';
import { createHttpClient } from '@touchstone/http-client';
import type { HttpClient, HttpRequest } from '@touchstone/http-client';
import type { DecisionRecord } from '@touchstone/decision';
import type { Clock } from '@touchstone/ports';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import { startKeyVault } from '@touchstone/server-key-vault';
import type { RunningKeyVault } from '@touchstone/server-key-vault';
import { openLocalCa } from '@touchstone/tls';
import type { LocalCa } from '@touchstone/tls';
import { TENANT, openAuthority, openIdentity } from './stand';
import type { AuthorityStand, IdentityStand } from './stand';

export const OFFICER = 'officer-oid';
export const RELEASER = 'releaser-oid';
export const READER = 'reader-oid';
export const NOBODY = 'nobody-oid';
const OPERATOR_TOKEN = 'operator';
const KEK = systemRandom.bytes(32);

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Ask {
  readonly method?: HttpRequest['method'] | undefined;
  /** Below the vault, with its query; a known version of the API is added when it has none. */
  readonly path: string;
  /** Object id of the caller; the officer when absent, no bearer when `null`. */
  readonly as?: string | null;
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

/** A running vault with an attestation service and a token authority of the test's own. */
export interface Bench {
  readonly ca: LocalCa;
  readonly authority: AuthorityStand;
  readonly identity: IdentityStand;
  readonly clock: Clock & { advance(milliseconds: number): void };
  url(): string;
  /** The official client, as the officer unless told otherwise. */
  client(oid?: string, vaultUrl?: string): KeyClient;
  ask(ask: Ask): Promise<Answer>;
  decision(requestId: string | undefined): Promise<DecisionRecord>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const clock = shiftingClock();
  const home = await mkdtemp(path.join(tmpdir(), 'key-vault-e2e-'));
  const ca = await openLocalCa(home);
  const authority = await openAuthority(ca, () => clock.now());
  const identity = await openIdentity(ca, () => clock.now());
  const outgoing = createHttpClient({ ca: ca.pem });
  const start = (): Promise<RunningKeyVault> =>
    startKeyVault({
      home,
      host: '127.0.0.1',
      port: 0,
      clock,
      logger: silentLogger,
      random: systemRandom,
      tls: ca,
      kek: KEK,
      http: outgoing,
      identity: { authority: identity.stand.url, tenant: TENANT },
      vaultNames: ['local', 'second'],
      vaultAliases: { 'keys.example.test': 'second' },
      operatorToken: OPERATOR_TOKEN,
      roleAssignments: {
        [OFFICER]: ['Key Vault Crypto Officer', 'Key Vault Crypto Service Release User'],
        [RELEASER]: ['Key Vault Crypto Service Release User'],
        [READER]: ['Key Vault Reader'],
      },
    });
  let vault = await start();
  let http = clientFor(vault, ca);

  return {
    ca,
    authority,
    identity,
    clock,
    url: () => vault.url,
    client: (oid = OFFICER, vaultUrl = vault.url) =>
      new KeyClient(
        vaultUrl,
        {
          getToken: async () => ({
            token: identity.bearer({ oid }),
            expiresOnTimestamp: Date.now() + 3_600_000,
          }),
        },
        {
          disableChallengeResourceVerification: true,
          tlsOptions: { ca: ca.pem },
          retryOptions: { maxRetries: 0 },
        },
      ),
    ask: (ask) => send(http, vault.url, identity, ask),
    decision: async (requestId = '') => {
      const { status, body } = await http.request({
        method: 'GET',
        url: `${vault.url}/operator/decisions/${requestId}`,
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      });
      if (status !== 200) throw new Error(`no decision record: ${status}`);
      return JSON.parse(toUtf8(body)) as DecisionRecord;
    },
    restart: async () => {
      await http.close();
      await vault.close();
      vault = await start();
      http = clientFor(vault, ca);
    },
    close: async () => {
      await http.close();
      await vault.close();
      await outgoing.close();
      await authority.stand.close();
      await identity.stand.close();
      await rm(home, { recursive: true });
    },
  };
}

/** Reaches the vault under its real names too. */
const clientFor = (vault: RunningKeyVault, ca: LocalCa): HttpClient =>
  createHttpClient({
    ca: ca.pem,
    originMap: {
      'https://local.vault.azure.net': vault.url,
      'https://second.vault.azure.net': vault.url,
      'https://keys.example.test': vault.url,
    },
  });

async function send(
  http: HttpClient,
  url: string,
  identity: IdentityStand,
  ask: Ask,
): Promise<Answer> {
  const { method = 'GET', as: oid = OFFICER, body, origin = url } = ask;
  const versioned = ask.path.includes('?') ? ask.path : `${ask.path}?api-version=7.4`;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const answer = await http.request({
    method,
    url: `${origin}${versioned}`,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(oid !== null && { authorization: `Bearer ${identity.bearer({ oid })}` }),
      ...ask.headers,
    },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  });
  const text = toUtf8(answer.body);
  return { ...answer, body: text === '' ? undefined : JSON.parse(text) };
}

/** The real time, for clients judge certificates by it, and more when a test says so. */
function shiftingClock(): Bench['clock'] {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

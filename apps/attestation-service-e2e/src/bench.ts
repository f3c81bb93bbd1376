import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toUtf8 } from '@touchstone/bytes';
import { createHttpClient, type HttpClient, type HttpResponse } from '@touchstone/http-client';
import type { Clock } from '@touchstone/ports';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import {
  startAttestationService,
  type AttestationServiceStart,
  type RunningAttestationService,
} from '@touchstone/server-attestation';
import { startIdentity } from '@touchstone/server-identity';
import { DEVELOPMENT_TENANT_ID } from '@touchstone/service-identity';
import {
  aPlatform,
  collateralOf,
  openCollateralStand,
  type CollateralStand,
  type TestPlatform,
} from '@touchstone/testkit';
import { openLocalCa, type LocalCa } from '@touchstone/tls';

export const OPERATOR_TOKEN = 'operator';
export const CANONICAL = 'https://sharedeus2.eus2.attest.azure.net';

/** A running attestation service with one simulated platform and the cache that knows it. */
export interface Bench {
  readonly platform: TestPlatform;
  readonly stand: CollateralStand;
  readonly ca: LocalCa;
  /** Reaches the service, also under the providers' real names. */
  readonly http: HttpClient;
  readonly clock: Clock & { advance(milliseconds: number): void };
  service(): RunningAttestationService;
  /** Address of the token authority. */
  readonly authority: string;
  /** Address of a provider by path; `sharedeus2` unless it is named. */
  provider(name?: string): string;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface BenchOptions extends Pick<
  AttestationServiceStart,
  'baseline' | 'collateralRules' | 'collateralRefreshMs' | 'previewTokens' | 'roleAssignments'
> {
  /** Without it, the service trusts Intel alone. Default true. */
  readonly trustSimulator?: boolean;
  /** Whether there is a token authority. Default false: attesting needs none. */
  readonly withIdentity?: boolean;
  /** Another token authority than that one. */
  readonly authorityUrl?: string;
  /** A new one unless it is given. */
  readonly platform?: TestPlatform;
}

/** Nobody listens there. */
const NOWHERE = 'https://localhost:1';
const KEK = systemRandom.bytes(32);

export async function openBench({
  trustSimulator = true,
  platform: given,
  withIdentity = false,
  authorityUrl,
  ...options
}: BenchOptions = {}): Promise<Bench> {
  const clock = shiftingClock();
  const platform = given ?? aPlatform({ at: clock.now() });
  const stand = await openCollateralStand(collateralOf(platform));
  const home = await mkdtemp(path.join(tmpdir(), 'attestation-e2e-'));
  const ca = await openLocalCa(home);
  const upstream = createHttpClient({ ca: ca.pem });
  const identity = withIdentity ? await startIdentityAt(home, ca, clock) : undefined;
  const authority = identity?.url ?? authorityUrl ?? NOWHERE;
  const start = (): Promise<RunningAttestationService> =>
    startAttestationService({
      home,
      host: '127.0.0.1',
      port: 0,
      clock,
      logger: silentLogger,
      random: systemRandom,
      tls: ca,
      kek: KEK,
      http: upstream,
      pckCacheUrl: stand.url,
      identity: { authority, tenant: DEVELOPMENT_TENANT_ID },
      operatorToken: OPERATOR_TOKEN,
      ...(trustSimulator && { simulatedRoot: platform.authority.rootCertificate }),
      ...options,
    });
  let service = await start();
  let http = clientFor(service, ca);
  return {
    platform,
    stand,
    ca,
    clock,
    get http() {
      return http;
    },
    service: () => service,
    authority,
    provider: (name = 'sharedeus2') => `${service.url}/${name}`,
    async restart() {
      await http.close();
      await service.close();
      service = await start();
      http = clientFor(service, ca);
    },
    async close() {
      await http.close();
      await service.close();
      await upstream.close();
      await identity?.close();
      await stand.close();
      await rm(home, { recursive: true });
    },
  };
}

const startIdentityAt = (home: string, tls: LocalCa, clock: Clock) =>
  startIdentity({
    home,
    host: '127.0.0.1',
    port: 0,
    clock,
    logger: silentLogger,
    random: systemRandom,
    tls,
    kek: KEK,
  });

const clientFor = (service: RunningAttestationService, ca: LocalCa): HttpClient =>
  createHttpClient({ ca: ca.pem, originMap: { [CANONICAL]: service.url } });

/** The real time, for clients judge tokens by it, and more when a test says so. */
function shiftingClock(): Bench['clock'] {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

export const jsonOf = (response: HttpResponse): unknown => JSON.parse(toUtf8(response.body));

/** POSTs JSON to an attest operation. */
export function postAttest(
  { http, provider }: Bench,
  body: unknown,
  type = 'SgxEnclave',
  query = '?api-version=2022-08-01',
): Promise<HttpResponse> {
  return http.request({
    method: 'POST',
    url: `${provider()}/attest/${type}${query}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

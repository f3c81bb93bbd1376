import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { encodeOeReport } from '@touchstone/quote';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import { startIdentity } from '@touchstone/server-identity';
import { aPlatform, collateralOf, openCollateralStand } from '@touchstone/testkit';
import { openLocalCa } from '@touchstone/tls';
import { OPERATOR_TOKEN } from '../bench';
import { aBoundQuote } from '../evidence';
import { credentialOf, type Reachable } from '../owners';
import type { DatabaseKind } from './databases';
import { ServiceProcess } from './service-process';

/** A service that is there to be killed, and all that it needs, which lives on. */
export interface CrashBench extends Reachable {
  readonly evidence: Readonly<Record<'SgxEnclave' | 'OpenEnclave', Uint8Array>>;
  /** Header of somebody who may change policies. */
  readonly authorization: string;
  /** PEM of the authority that signs the service's certificate. */
  readonly ca: string;
  service(): ServiceProcess;
  /** Starts the service on the state that is there. */
  start(): Promise<void>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

const clock = { now: () => new Date() };

export async function openCrashBench(
  kind: DatabaseKind,
  settings: Readonly<Record<string, string>> = {},
): Promise<CrashBench> {
  const home = await mkdtemp(path.join(tmpdir(), 'attestation-crash-'));
  const database = await kind.create();
  const platform = aPlatform({ at: clock.now() });
  const root = path.join(home, 'simulated-root.der');
  await writeFile(root, platform.authority.rootCertificate);
  const stand = await openCollateralStand(collateralOf(platform));
  const tls = await openLocalCa(home);
  const kek = systemRandom.bytes(32);
  const identity = await startIdentity({
    home,
    host: '127.0.0.1',
    port: 0,
    clock,
    logger: silentLogger,
    random: systemRandom,
    tls,
    kek,
  });
  const upstream = createHttpClient({ ca: tls.pem });
  const credential = credentialOf({ http: upstream, authority: identity.url, clock });
  const { token } = await credential.getToken('https://attest.azure.net/.default');
  const quote = aBoundQuote(platform);
  const env = {
    TOUCHSTONE_HOME: home,
    TOUCHSTONE_KEK: Buffer.from(kek).toString('base64'),
    TOUCHSTONE_SIMULATED_ROOT: root,
    TOUCHSTONE_OPERATOR_TOKEN: OPERATOR_TOKEN,
    ATTESTATION_SERVICE_PCK_CACHE_URL: stand.url,
    ATTESTATION_SERVICE_IDENTITY_URL: identity.url,
    ...database.env,
    ...settings,
  };
  let running: { readonly process: ServiceProcess; readonly http: HttpClient } | undefined;
  const present = () => {
    if (running === undefined) throw new Error('the service is not running');
    return running;
  };
  const kill = async (): Promise<void> => {
    await running?.process.kill();
    await running?.http.close();
    running = undefined;
  };
  return {
    evidence: { SgxEnclave: quote, OpenEnclave: encodeOeReport(quote) },
    authorization: `Bearer ${token}`,
    ca: tls.pem,
    get http() {
      return present().http;
    },
    service: () => present().process,
    async start() {
      running = {
        process: await ServiceProcess.start(env),
        http: createHttpClient({ ca: tls.pem }),
      };
    },
    kill,
    async close() {
      await kill();
      await upstream.close();
      await identity.close();
      await stand.close();
      await database.remove();
      await rm(home, { recursive: true });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toBase64Url, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { decodeDecisionRecord, type DecisionRecord } from '@touchstone/decision';
import { createHttpClient, type HttpClient } from '@touchstone/http-client';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import {
  startAttestationService,
  type AttestationServiceStart,
  type RunningAttestationService,
} from '@touchstone/server-attestation';
import { openCollateralStand, type CollateralStand } from '@touchstone/testkit';
import { openLocalCa } from '@touchstone/tls';
import { claimsOf } from './recordings';

const OPERATOR_TOKEN = 'operator';
const AUTHORIZATION = { authorization: `Bearer ${OPERATOR_TOKEN}` };

export interface Attested {
  readonly status: number;
  readonly body: unknown;
  /** Claims of the token, where there is one. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly record: DecisionRecord;
}

/** The attestation service as it is deployed for genuine machines: Intel's root and no other, at an instant of one's choice. */
export class AttestationStand {
  private constructor(
    private readonly present: { at: Date },
    private readonly home: string,
    private readonly cache: CollateralStand,
    private readonly upstream: HttpClient,
    private readonly http: HttpClient,
    private readonly service: RunningAttestationService,
  ) {}

  /** `from`: the instant at which the service starts and makes its keys. */
  static async open(
    from: Date,
    rules: Pick<AttestationServiceStart, 'collateralRules'> = {},
  ): Promise<AttestationStand> {
    const home = await mkdtemp(path.join(tmpdir(), 'touchstone-evidence-'));
    const tls = await openLocalCa(home);
    const cache = await openCollateralStand(undefined);
    const upstream = createHttpClient({ ca: tls.pem });
    const present = { at: from };
    const service = await startAttestationService({
      ...{ home, tls, host: '127.0.0.1', port: 0, kek: systemRandom.bytes(32) },
      ...{ logger: silentLogger, random: systemRandom, http: upstream, ...rules },
      clock: { now: () => present.at },
      pckCacheUrl: cache.url,
      identity: { authority: 'https://localhost:1', tenant: 'none' },
      operatorToken: OPERATOR_TOKEN,
    });
    const http = createHttpClient({ ca: tls.pem });
    return new AttestationStand(present, home, cache, upstream, http, service);
  }

  /** From now on it is `at`, and the cache holds this and nothing else. */
  async setWorld(at: Date, collateral: Collateral | undefined): Promise<void> {
    this.present.at = at;
    this.cache.serve(collateral);
    const url = `${this.service.url}/operator/collateral/forget`;
    const { status } = await this.http.request({ method: 'POST', url, headers: AUTHORIZATION });
    expect(status).toBe(200);
  }

  /** One attest operation, as on the wire. */
  async post(operation: string, body: object): Promise<Attested> {
    const answer = await this.http.request({
      method: 'POST',
      url: `${this.service.url}/sharedeus2/attest/${operation}?api-version=2022-08-01`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const record = await this.http.request({
      method: 'GET',
      url: `${this.service.url}/operator/decisions/${answer.headers['x-ms-request-id'] ?? ''}`,
      headers: AUTHORIZATION,
    });
    const parsed = JSON.parse(toUtf8(answer.body)) as { readonly token?: string };
    return {
      status: answer.status,
      body: parsed,
      claims: parsed.token === undefined ? {} : claimsOf(parsed.token),
      record: decodeDecisionRecord(toUtf8(record.body)),
    };
  }

  attest(operation: 'SgxEnclave' | 'OpenEnclave', evidence: Uint8Array, runtime?: Uint8Array) {
    const member = operation === 'SgxEnclave' ? 'quote' : 'report';
    return this.post(operation, {
      [member]: toBase64Url(evidence),
      ...(runtime && { runtimeData: { data: toBase64Url(runtime), dataType: 'Binary' } }),
    });
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.service.close();
    await this.upstream.close();
    await this.cache.close();
    await rm(this.home, { recursive: true });
  }
}

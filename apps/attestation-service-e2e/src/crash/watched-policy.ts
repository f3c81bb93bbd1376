import { fromBase64Url, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { policyHash, policyTokenHash } from '@touchstone/policy-document';
import { DEFAULT_POLICY_JWS } from '@touchstone/service-attestation';
import { verifyToken, type Jwks } from '@touchstone/token';
import { jsonOf } from '../bench';
import type { Update } from './update-source';
import type { CrashBench } from './crash-bench';

const VERSION = '?api-version=2020-10-01';

/** What was found after a kill. */
export type Found = 'acknowledged' | 'in flight';

/** One policy of one provider: what the service said of it, and what was on its way when it died. */
export class WatchedPolicy {
  #acknowledged = DEFAULT_POLICY_JWS;
  #inFlight: string | undefined;
  #keys: Jwks['keys'] = [];
  #issuer = '';

  constructor(
    private readonly bench: CrashBench,
    readonly provider: string,
    readonly type: 'SgxEnclave' | 'OpenEnclave',
  ) {}

  /** Sends an update, and checks what the service signed for it. */
  async update({ method, jws, stored }: Update): Promise<void> {
    this.#inFlight = stored;
    const verb = method === 'POST' ? ':reset' : '';
    const token = await this.#ask(method, `/policies/${this.type}${verb}`, jws);
    this.#acknowledged = stored;
    this.#inFlight = undefined;
    expect(await this.#claimsOf(token)).toMatchObject(
      method === 'POST'
        ? { 'x-ms-policy-result': 'Removed' }
        : { 'x-ms-policy-result': 'Updated', 'x-ms-policy-token-hash': policyTokenHash(jws) },
    );
  }

  /** What stands there is one of the two, byte for byte, and it is what attesting goes by. */
  async verify(): Promise<Found> {
    await this.#fetchKeys();
    const read = await this.#claimsOf(await this.#ask('GET', `/policies/${this.type}`));
    const stored = String(read['x-ms-policy']);
    const index = [this.#acknowledged, this.#inFlight].indexOf(stored);
    if (index < 0) throw new Error(`${this.provider}/${this.type} holds neither: ${stored}`);
    const attested = await this.#claimsOf(await this.#attest());
    expect(attested['x-ms-policy-hash']).toBe(policyHash(textOf(stored)));
    this.#acknowledged = stored;
    this.#inFlight = undefined;
    return index === 0 ? 'acknowledged' : 'in flight';
  }

  #attest(): Promise<string> {
    const member = this.type === 'SgxEnclave' ? 'quote' : 'report';
    const evidence = toBase64Url(this.bench.evidence[this.type]);
    return this.#ask('POST', `/attest/${this.type}`, JSON.stringify({ [member]: evidence }));
  }

  get #base(): string {
    return `${this.bench.service().url}/${this.provider}`;
  }

  /** The token of an answer. */
  async #ask(method: 'GET' | 'PUT' | 'POST', path: string, body?: string): Promise<string> {
    const { http, authorization } = this.bench;
    const type = path.startsWith('/attest') ? 'application/json' : 'text/plain';
    const response = await http.request({
      method,
      url: `${this.#base}${path}${VERSION}`,
      headers: { authorization, 'content-type': type },
      ...(body !== undefined && { body }),
    });
    expect([response.status, toUtf8(response.body)]).toEqual([200, expect.any(String)]);
    return (jsonOf(response) as { token: string }).token;
  }

  /** Now, for when an answer is checked its sender may be gone. */
  async #fetchKeys(): Promise<void> {
    const url = `${this.#base}/certs`;
    this.#keys = (jsonOf(await this.bench.http.request({ method: 'GET', url })) as Jwks).keys;
    this.#issuer = this.#base;
  }

  async #claimsOf(token: string) {
    const expected = { algorithms: ['RS256'], issuer: this.#issuer, at: new Date() } as const;
    return (await verifyToken(token, this.#keys, expected)).claims;
  }
}

function textOf(jws: string): string {
  const payload = toUtf8(fromBase64Url(jws.split('.')[1] ?? ''));
  const { AttestationPolicy } = JSON.parse(payload) as { AttestationPolicy: string };
  return toUtf8(fromBase64Url(AttestationPolicy));
}

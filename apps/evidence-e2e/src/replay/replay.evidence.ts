import { toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import type { HttpResponse } from '@touchstone/http-client';
import { exchanges, instantOf, labelled, replay, type NamedExchange } from '../recordings';
import { expectSameBody } from './expect-same-body';
import { PROVIDERS, policyBefore, providerOf, recordedSigner } from './recorded-provider';
import { openRecordedService, type RecordedService } from './recorded-service';
import { bodyOf, collateralOf, whyNot } from './replayed-request';

/** What a connection does, which is no part of the protocol. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];
const WITHOUT_VERSION = /^\/(certs|\.well-known\/.*)$/;
const VERSION = '?api-version=2020-10-01';
const RESET = 'eyJhbGciOiJub25lIn0..';

const headerNames = (headers: Readonly<Record<string, string>>): string[] =>
  Object.keys(headers)
    .filter((name) => !OF_THE_CONNECTION.includes(name))
    .toSorted();

replay('recorded exchanges', () => {
  let service: RecordedService;

  beforeAll(async () => {
    service = await openRecordedService();
    await service.makeProvider(PROVIDERS.aad);
    await service.makeProvider(PROVIDERS.isolated, recordedSigner());
  });
  afterAll(() => service.close());

  async function send(
    provider: string,
    method: string,
    path: string,
    body: string | null,
  ): Promise<HttpResponse> {
    const query = WITHOUT_VERSION.test(path) ? '' : VERSION;
    const type = body !== null && /^["{]/.test(body) ? 'application/json' : 'text/plain';
    return service.http.request({
      method: method as 'GET' | 'PUT' | 'POST',
      url: `${service.url}/${provider}${path}${query}`,
      headers: { authorization: await service.bearer(), 'content-type': type },
      ...(body !== null && { body }),
    });
  }

  /** Puts a provider into the state in which a recording found it. */
  async function restore(exchange: NamedExchange): Promise<void> {
    const provider = providerOf(exchange);
    if (provider !== PROVIDERS.aad) return;
    await send(provider, 'POST', '/policies/SgxEnclave:reset', RESET);
    const jws = policyBefore(exchange);
    if (jws === undefined) return;
    expect((await send(provider, 'PUT', '/policies/SgxEnclave', jws)).status).toBe(200);
  }

  const left = exchanges.filter((exchange) => whyNot(exchange) !== undefined);
  it.each(labelled(left))('%s is not replayed', (label, exchange) => {
    process.stdout.write(`not replayed: ${label}: ${whyNot(exchange)}\n`);
    expect(exchange.request.path).toMatch(/^\/(attest|policies)\//);
  });

  const replayed = exchanges.filter((exchange) => whyNot(exchange) === undefined);
  it.each(labelled(replayed))('%s is answered alike', async (_, exchange) => {
    const found = collateralOf(exchange);
    service.travelTo(found?.at ?? instantOf(exchange));
    if (found) service.hold(found.collateral as Collateral);
    if (exchange.index === 0) await restore(exchange);
    const { request, response } = exchange;
    const provider = providerOf(exchange);
    const ours = await send(provider, request.method, request.path, bodyOf(exchange));
    expect(ours.status).toBe(response.status);
    expect(headerNames(ours.headers)).toEqual(headerNames(response.headers));
    expect(ours.headers['content-type']).toBe(response.headers['content-type']);
    const body = JSON.parse(toUtf8(ours.body)) as object;
    expectSameBody(exchange, body, `${service.url}/${provider}`);
  });
});

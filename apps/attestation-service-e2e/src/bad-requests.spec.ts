import https from 'node:https';
import { text } from 'node:stream/consumers';
import { toBase64Url } from '@touchstone/bytes';
import type { HttpRequest, HttpResponse } from '@touchstone/http-client';
import { openBench, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { expectRefusal } from './refusals';

const VERSION = '?api-version=2022-08-01';
const MEGABYTE = 1_048_576;

jest.setTimeout(60_000);

let bench: Bench;
let quote: string;

beforeAll(async () => {
  bench = await openBench();
  quote = toBase64Url(aBoundQuote(bench.platform));
});
afterAll(() => bench.close());

interface Send extends Partial<Omit<HttpRequest, 'url'>> {
  /** Behind the provider; `/attest/SgxEnclave` with a good version unless it is given. */
  readonly path?: string;
}

const send = ({ path = `/attest/SgxEnclave${VERSION}`, ...request }: Send): Promise<HttpResponse> =>
  bench.http.request({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ quote }),
    ...request,
    url: `${bench.provider()}${path}`,
  });

describe('requests that are not of the API', () => {
  it.each<[string, () => Send, number, string, string]>([
    [
      'no api-version',
      () => ({ path: '/attest/SgxEnclave' }),
      400,
      'ApiVersionUnspecified',
      'An API version is required, but was not specified.',
    ],
    [
      'an empty api-version',
      () => ({ path: '/attest/SgxEnclave?api-version=' }),
      400,
      'ApiVersionUnspecified',
      'An API version is required, but was not specified.',
    ],
    [
      'an unknown api-version',
      () => ({ path: '/attest/SgxEnclave?api-version=2019-01-01' }),
      400,
      'UnsupportedApiVersion',
      'The HTTP resource that matches the request URI does not support the given API version.',
    ],
    [
      'the api-version twice',
      () => ({ path: '/attest/SgxEnclave?api-version=2020-10-01&api-version=2022-08-01' }),
      400,
      'InvalidParameter',
      'The query parameter api-version is given more than once.',
    ],
    [
      'an unknown path',
      () => ({ path: `/attest/Nothing${VERSION}` }),
      404,
      'NotFound',
      'The resource does not exist.',
    ],
    [
      'GET',
      () => ({ method: 'GET', body: '' }),
      405,
      'MethodNotAllowed',
      'The resource does not support the method.',
    ],
    [
      'PUT of the keys',
      () => ({ method: 'PUT', path: '/certs' }),
      405,
      'MethodNotAllowed',
      'The resource does not support the method.',
    ],
    [
      'POST to the metadata',
      () => ({ path: '/.well-known/openid-configuration' }),
      405,
      'MethodNotAllowed',
      'The resource does not support the method.',
    ],
    [
      'plain text',
      () => ({ headers: { 'content-type': 'text/plain' } }),
      415,
      'UnsupportedMediaType',
      'The request body must be application/json.',
    ],
    [
      'no content type',
      () => ({ headers: {} }),
      415,
      'UnsupportedMediaType',
      'The request body must be application/json.',
    ],
    [
      'a compressed body',
      () => ({ headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
      415,
      'UnsupportedMediaType',
      'The request body must not be compressed.',
    ],
    [
      'an empty body',
      () => ({ body: '' }),
      400,
      'InvalidParameter',
      'The request body is not JSON.',
    ],
    [
      'half a body',
      () => ({ body: '{"quote":"AA' }),
      400,
      'InvalidParameter',
      'The request body is not JSON.',
    ],
    [
      'a body with a repeated member',
      () => ({ body: '{"quote":"AA","quote":"AA"}' }),
      400,
      'InvalidParameter',
      'The request body repeats a member.',
    ],
    [
      'a nesting bomb',
      () => ({ body: '['.repeat(100_000) }),
      400,
      'InvalidParameter',
      'The request body is nested too deeply.',
    ],
    [
      'bytes that are not UTF-8',
      () => ({ body: new Uint8Array([0x7b, 0xff, 0x7d]) }),
      400,
      'InvalidParameter',
      'The request body is not UTF-8.',
    ],
    [
      'an array',
      () => ({ body: '[]' }),
      400,
      'InvalidParameter',
      'The parameter body is not a JSON object.',
    ],
    [
      'null',
      () => ({ body: 'null' }),
      400,
      'InvalidParameter',
      'The parameter body is not a JSON object.',
    ],
    [
      'one byte too many',
      () => ({ body: `{"quote":"${'A'.repeat(MEGABYTE)}"}` }),
      413,
      'RequestEntityTooLarge',
      'The request body is too large.',
    ],
  ])('%s', async (_name, request, status, code, message) => {
    expectRefusal(await send(request()), status, code, message);
  });

  it('refuses a host that is no provider', async () => {
    const response = await bench.http.request({
      method: 'GET',
      url: `${bench.service().url}/contoso/certs`,
    });
    expectRefusal(response, 404, 'NotFound', 'The attestation provider does not exist.');
  });

  it('makes no issuer out of a Host header', async () => {
    // A name that the certificate has, so that only the header is foreign.
    const { port } = new URL(bench.service().url);
    const options = {
      port,
      path: '/sharedeus2/certs',
      ca: bench.ca.pem,
      headers: { host: 'evil.example' },
    };
    const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const request = https.get(
        { host: 'localhost', servername: 'localhost', ...options },
        (response) => {
          text(response).then((answer) => resolve([response.statusCode, answer]), reject);
        },
      );
      request.on('error', reject);
    });
    expect(status).toBe(421);
    expect(JSON.parse(body)).toEqual({
      error: { code: 'MisdirectedRequest', message: 'The host is not an attestation provider.' },
    });
  });
});

import { toBase64Url } from '@touchstone/bytes';
import { wrapPolicy } from '@touchstone/policy-document';
import { encodeOeReport } from '@touchstone/quote';
import { jsonOf, openBench, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';

jest.setTimeout(120_000);

const PREVIEW = '2018-09-01-preview';
const STABLE = [
  '2020-10-01',
  '2022-08-01',
  '2022-09-01-preview',
  '2023-04-01-preview',
  '2025-06-01',
  '2026-03-11-preview',
];
const ALL = [PREVIEW, ...STABLE];
const RESET = 'eyJhbGciOiJub25lIn0..';
const JWS = wrapPolicy('version=1.0; authorizationrules{=> permit();}; issuancerules{};');
const TEE = '&tee=SgxEnclave';

interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  /** Versions that have it. */
  readonly versions: readonly string[];
  /** Statuses that say that the version was taken; 200 unless it is given. */
  readonly status?: number;
  readonly query?: string;
  readonly body?: (quote: string, report: string, version: string) => string;
}

const quoteBody = (quote: string, _report: string, version: string): string =>
  JSON.stringify(version === PREVIEW ? { Quote: quote } : { quote });

/** All operations, and the versions that have them. */
const OPERATIONS: readonly Operation[] = [
  { method: 'POST', path: '/attest/SgxEnclave', versions: ALL, body: quoteBody },
  {
    method: 'POST',
    path: '/attest/OpenEnclave',
    versions: STABLE,
    body: (_quote, report) => JSON.stringify({ report }),
  },
  {
    method: 'POST',
    path: '/attest/Tee/OpenEnclave',
    versions: [PREVIEW],
    body: (_quote, report) => JSON.stringify({ Quote: report }),
  },
  {
    method: 'POST',
    path: '/attest/Tee/SgxEnclave',
    versions: [PREVIEW],
    body: (quote) => JSON.stringify({ Quote: quote }),
  },
  ...['SgxEnclave', 'OpenEnclave'].flatMap((type): Operation[] => [
    { method: 'GET', path: `/policies/${type}`, versions: STABLE },
    { method: 'PUT', path: `/policies/${type}`, versions: STABLE, body: () => JWS },
    { method: 'POST', path: `/policies/${type}:reset`, versions: STABLE, body: () => RESET },
    { method: 'GET', path: `/tcbbaselines/${type}`, versions: STABLE.slice(2) },
  ]),
  { method: 'GET', path: '/certificates', versions: STABLE },
  // The provider is not isolated: the version was taken, and the operation is not for it.
  { method: 'POST', path: '/certificates:add', versions: STABLE, status: 400, body: () => JWS },
  { method: 'POST', path: '/certificates:remove', versions: STABLE, status: 400, body: () => JWS },
  { method: 'GET', path: '/servicehealth', versions: STABLE.slice(-1), status: 204 },
  { method: 'GET', path: '/operations/policy/current', versions: [PREVIEW], query: TEE },
  {
    method: 'POST',
    path: '/operations/policy/updatepolicy',
    versions: [PREVIEW],
    query: TEE,
    body: () => JWS,
  },
  {
    method: 'PUT',
    path: '/operations/policy/current',
    versions: [PREVIEW],
    query: TEE,
    body: () => JWS,
  },
  {
    method: 'POST',
    path: '/operations/policy/current',
    versions: [PREVIEW],
    query: TEE,
    body: () => RESET,
  },
  { method: 'GET', path: '/operations/policy/certificates', versions: [PREVIEW] },
];

describe('api-versions', () => {
  let bench: Bench;
  let authorization: string;
  let quote: string;
  let report: string;

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    await makeProvider(bench, 'contoso');
    const { token } = await credentialOf(bench).getToken('https://attest.azure.net/.default');
    authorization = `Bearer ${token}`;
    const evidence = aBoundQuote(bench.platform);
    quote = toBase64Url(evidence);
    report = toBase64Url(encodeOeReport(evidence));
  });
  afterAll(() => bench.close());

  const ask = ({ method, path, query = '', body }: Operation, version?: string) =>
    bench.http.request({
      method,
      url: `${bench.provider('contoso')}${path}?${version === undefined ? '' : `api-version=${version}`}${query}`,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { body: body(quote, report, version ?? '') }),
    });
  const codeIn = (response: Parameters<typeof jsonOf>[0]): string | undefined =>
    (jsonOf(response) as { error?: { code?: string } }).error?.code;

  describe.each(
    OPERATIONS.map((operation) => [operation.method, operation.path, operation] as const),
  )('%s %s', (_method, _path, operation) => {
    const { versions, status = 200 } = operation;

    it.each(versions)('is of %s', async (version) => {
      const response = await ask(operation, version);
      expect(response.status).toBe(status);
      if (status === 400) expect(codeIn(response)).toBe('InvalidOperation');
    });

    it.each([...ALL.filter((version) => !versions.includes(version)), '2019-01-01'])(
      'is not of %s',
      async (version) => {
        const response = await ask(operation, version);
        expect(response.status).toBe(400);
        expect(codeIn(response)).toBe('UnsupportedApiVersion');
      },
    );

    it('is of some version', async () => {
      const response = await ask(operation);
      expect(response.status).toBe(400);
      expect(codeIn(response)).toBe('ApiVersionUnspecified');
    });
  });

  it.each(['/certs', '/.well-known/openid-configuration'])(
    'GET %s is of every version, and of none',
    async (path) => {
      for (const version of [undefined, ...ALL])
        expect((await ask({ method: 'GET', path, versions: ALL }, version)).status).toBe(200);
    },
  );
});

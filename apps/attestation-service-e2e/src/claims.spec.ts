import { concat, fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';
import { encodeOeReport } from '@touchstone/quote';
import { jwtClaims, parseCompactJws } from '@touchstone/token';
import { jsonOf, openBench, postAttest, type Bench } from './bench';
import { RUNTIME_TEXT, aBoundQuote, runtimeData } from './evidence';

jest.setTimeout(60_000);

type Members = Readonly<Record<string, unknown>>;

const INIT_BYTES = fromUtf8('{"z":1,"a":{"y":2,"b":3}}');
const hex = (digits: number) =>
  expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)) as string;
const DIGESTS = Object.fromEntries(
  ['qeidcertshash', 'qeidcrlhash', 'qeidhash', 'quotehash']
    .concat(['tcbinfocertshash', 'tcbinfocrlhash', 'tcbinfohash'])
    .map((name) => [name, hex(64)]),
);
/** What the default policy issues. */
const ISSUED = {
  'is-debuggable': false,
  'product-id': 7,
  'sgx-mrenclave': hex(64),
  'sgx-mrsigner': hex(64),
  svn: 3,
  tee: 'sgx',
};
const OF_KSS = {
  'x-ms-sgx-config-id': hex(128),
  'x-ms-sgx-config-svn': 5,
  'x-ms-sgx-isv-extended-product-id': '01'.repeat(16),
  'x-ms-sgx-isv-family-id': '02'.repeat(16),
};
const OF_REPORT = {
  'x-ms-attestation-type': 'sgx',
  'x-ms-sgx-is-debuggable': false,
  'x-ms-sgx-mrenclave': hex(64),
  'x-ms-sgx-mrsigner': hex(64),
  'x-ms-sgx-product-id': 7,
  'x-ms-sgx-report-data': hex(128),
  'x-ms-sgx-svn': 3,
  'x-ms-ver': '1.0',
};
const OF_TOKEN = {
  exp: expect.any(Number) as number,
  iat: expect.any(Number) as number,
  iss: expect.any(String) as string,
  jti: hex(64),
  nbf: expect.any(Number) as number,
};
const EVERY = {
  ...ISSUED,
  ...OF_REPORT,
  ...OF_TOKEN,
  'maa-attestationcollateral': DIGESTS,
  'x-ms-policy': ISSUED,
  'x-ms-policy-hash': 'bROrN897ZfWmWY2V0FLUlu3uwk5xatGnKYHn3zBbSlw',
  'x-ms-sgx-collateral': DIGESTS,
};

/** Names of deprecated claims that policies see, and what they are called today. */
const DEPRECATED = [
  ['$is-debuggable', 'x-ms-sgx-is-debuggable'],
  ['$product-id', 'x-ms-sgx-product-id'],
  ['$sgx-mrsigner', 'x-ms-sgx-mrsigner'],
  ['$sgx-mrenclave', 'x-ms-sgx-mrenclave'],
  ['$svn', 'x-ms-sgx-svn'],
  ['$tee', 'x-ms-attestation-type'],
  ['$maa-ehd', 'x-ms-sgx-ehd'],
  ['$aas-ehd', 'x-ms-sgx-ehd'],
  ['$maa-attestationcollateral', 'x-ms-sgx-collateral'],
] as const;

/** Names in the order in which they stand in the text, in objects inside objects too. */
function assertInByteOrder(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const names = Object.keys(value);
  expect(names).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  Object.values(value).forEach(assertInByteOrder);
}

describe('the claims of a token', () => {
  let bench: Bench;
  const started = (form = (quote: Uint8Array) => quote): string =>
    toBase64Url(
      form(
        aBoundQuote(bench.platform, {
          manifest: {
            kss: {
              extendedProductId: new Uint8Array(16).fill(1),
              familyId: new Uint8Array(16).fill(2),
            },
          },
          configId: concat(sha256(INIT_BYTES), new Uint8Array(32)),
          configSvn: 5,
        }),
      ),
    );

  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  async function claimsOf(body: object, type = 'SgxEnclave'): Promise<Members> {
    const answer = await postAttest(bench, body, type);
    expect(answer.status).toBe(200);
    const { token } = jsonOf(answer) as { token: string };
    return jwtClaims(parseCompactJws(token, { allowUnsecured: true }));
  }

  it.each([
    ['SgxEnclave', 'quote', (quote: Uint8Array) => quote],
    ['OpenEnclave', 'report', encodeOeReport],
  ])('of %s are all that there are, KSS and data as JSON', async (type, member, form) => {
    const claims = await claimsOf(
      {
        [member]: started(form),
        runtimeData: runtimeData('JSON'),
        initTimeData: { data: toBase64Url(INIT_BYTES), dataType: 'JSON' },
        nonce: 'n-1',
      },
      type,
    );
    expect(claims).toEqual({
      ...EVERY,
      ...OF_KSS,
      nonce: 'n-1',
      'x-ms-inittime': { a: { b: 3, y: 2 }, z: 1 },
      'x-ms-runtime': JSON.parse(RUNTIME_TEXT) as unknown,
    });
    assertInByteOrder(claims);
  });

  it('say binary data three times, collateral twice, and of KSS nothing where there is none', async () => {
    const quote = toBase64Url(aBoundQuote(bench.platform));
    const held = runtimeData('Binary');
    const claims = await claimsOf({ quote, runtimeData: held });
    const ehd = { 'aas-ehd': held.data, 'maa-ehd': held.data, 'x-ms-sgx-ehd': held.data };
    expect(claims).toEqual({ ...EVERY, ...ehd });
    expect(claims['maa-attestationcollateral']).toEqual(claims['x-ms-sgx-collateral']);
    assertInByteOrder(claims);
  });

  it.each(['1.0', '1.1', '1.2'])(
    'stand under their deprecated names too before a policy of version %s',
    async (version) => {
      const rules = DEPRECATED.map(
        ([old, name], index) =>
          `a:[type=="${old}", issuer=="AttestationService"] && [type=="${name}", value==a.value] => issue(type="same-${index}", value=true);`,
      );
      const policy = `version=${version}; authorizationrules{=> permit();}; issuancerules{${rules.join('\n')}};`;
      const claims = await claimsOf({
        quote: started(),
        runtimeData: runtimeData('Binary'),
        draftPolicyForAttestation: policy,
      });
      expect(claims['x-ms-policy']).toEqual(
        Object.fromEntries(DEPRECATED.map((_pair, index) => [`same-${index}`, true])),
      );
    },
  );

  it('of KSS can be asked for by a policy', async () => {
    const tests = [
      `[type=="x-ms-sgx-config-id", value=="${Buffer.from(sha256(INIT_BYTES)).toString('hex')}${'00'.repeat(32)}"]`,
      '[type=="x-ms-sgx-config-svn", value>=5]',
      `[type=="x-ms-sgx-isv-extended-product-id", value=="${'01'.repeat(16)}"]`,
      `[type=="x-ms-sgx-isv-family-id", value=="${'02'.repeat(16)}"]`,
    ];
    const draftPolicyForAttestation = `version=1.0; authorizationrules{${tests.join(' && ')} => permit();};`;
    expect(await claimsOf({ quote: started(), draftPolicyForAttestation })).toMatchObject(OF_KSS);
  });
});

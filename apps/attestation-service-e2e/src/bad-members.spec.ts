import { sha256, toBase64Url } from '@touchstone/bytes';
import { aQuote } from '@touchstone/testkit';
import { openBench, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { COLLATERAL_ERROR, expectRefusal } from './refusals';

jest.setTimeout(60_000);

let bench: Bench;
let quote: string;

beforeAll(async () => {
  bench = await openBench();
  quote = toBase64Url(aBoundQuote(bench.platform));
});
afterAll(() => bench.close());

describe('members that are not as they should be', () => {
  const held = { data: 'AA', dataType: 'Binary' };

  it.each<[string, () => object, string]>([
    ['no evidence', () => ({}), 'The parameter quote is required.'],
    ['empty evidence', () => ({ quote: '' }), 'The parameter quote is required.'],
    ['the evidence of Open Enclave', () => ({ report: quote }), 'The parameter quote is required.'],
    ['evidence that is a number', () => ({ quote: 7 }), 'The parameter quote is invalid.'],
    [
      'evidence that is no base64url',
      () => ({ quote: `${quote}!` }),
      'The parameter quote is invalid.',
    ],
    ['evidence with stray bits', () => ({ quote: 'AB' }), 'The parameter quote is invalid.'],
    [
      'evidence twice',
      () => ({ quote, Quote: quote }),
      'The parameter quote is given more than once.',
    ],
    [
      'runtime data that is text',
      () => ({ quote, runtimeData: 'AA' }),
      'The parameter runtimeData is not a JSON object.',
    ],
    [
      'runtime data without data',
      () => ({ quote, runtimeData: { dataType: 'JSON' } }),
      'The parameter runtimeData.data is required.',
    ],
    [
      'runtime data without type',
      () => ({ quote, runtimeData: { data: 'AA' } }),
      'The parameter runtimeData.dataType is required.',
    ],
    [
      'runtime data of an unknown type',
      () => ({ quote, runtimeData: { ...held, dataType: 'CBOR' } }),
      'The parameter runtimeData.dataType is invalid.',
    ],
    [
      'runtime data that is no base64url',
      () => ({ quote, runtimeData: { ...held, data: '%' } }),
      'The parameter runtimeData.data is invalid.',
    ],
    [
      'init data that is no base64url',
      () => ({ quote, initTimeData: { ...held, data: '%' } }),
      'The parameter initTimeData.data is invalid.',
    ],
    [
      'a draft policy that is no text',
      () => ({ quote, draftPolicyForAttestation: 1 }),
      'The parameter draftPolicyForAttestation is invalid.',
    ],
    ['a nonce that is an object', () => ({ quote, nonce: {} }), 'The parameter nonce is invalid.'],
  ])('%s', async (_name, body, message) => {
    expectRefusal(await postAttest(bench, body()), 400, 'InvalidParameter', message);
  });

  it.each<[string, () => object, string]>([
    ['no report', () => ({}), 'The parameter report is required.'],
    ['a quote in its place', () => ({ quote }), 'The parameter report is required.'],
    ['a report that is a list', () => ({ report: [] }), 'The parameter report is invalid.'],
  ])('of Open Enclave: %s', async (_name, body, message) => {
    expectRefusal(await postAttest(bench, body(), 'OpenEnclave'), 400, 'InvalidParameter', message);
  });

  it('a draft policy that does not parse', async () => {
    const response = await postAttest(bench, {
      quote,
      draftPolicyForAttestation: 'version=1.0\n[',
    });
    expectRefusal(
      response,
      400,
      'PolicyParsingError',
      "Native operation failed with 65526: Policy Parser Exception Thrown: Offending symbol: '[' Line: '2', Column: '1' " +
        "Failure message: 'mismatched input '[' expecting ';'' Failing rule: 'policy > versionInfo'",
    );
  });

  it('a draft policy that denies', async () => {
    const draftPolicyForAttestation = 'version=1.0; authorizationrules{ => deny(); };';
    expectRefusal(
      await postAttest(bench, { quote, draftPolicyForAttestation }),
      400,
      'PolicyEvaluationError',
      'Native operation failed with 65518: Policy Evaluation Error has occurred. ' +
        'Policy Engine Exception: A Deny claim was issued, authorization failed.',
    );
  });

  it('JSON runtime data that is no object', async () => {
    const bytes = Buffer.from('[1]');
    const bound = aQuote(bench.platform, {
      reportData: sha256(bytes),
    });
    const body = {
      quote: toBase64Url(bound),
      runtimeData: { data: toBase64Url(bytes), dataType: 'JSON' },
    };
    const message = 'The runtime data or init time data is not a JSON object.';
    expectRefusal(await postAttest(bench, body), 400, 'InvalidParameter', message);
  });

  it('init data for an enclave that has no configuration id', async () => {
    expectRefusal(
      await postAttest(bench, { quote, initTimeData: held }),
      400,
      'InvalidParameter',
      `${COLLATERAL_ERROR} InitTimeData does not match ConfigId in quote`,
    );
  });
});

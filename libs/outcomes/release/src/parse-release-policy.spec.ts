import fc from 'fast-check';
import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import {
  MAX_RELEASE_POLICY_AUTHORITIES,
  MAX_RELEASE_POLICY_BYTES,
  MAX_RELEASE_POLICY_CONDITIONS,
  MAX_RELEASE_POLICY_DEPTH,
  encodeReleasePolicy,
  parseReleasePolicy,
  parseReleasePolicyText,
} from './parse-release-policy';
import { ReleaseError } from './release-error';
import { OPERATORS, canonicalReleasePolicy } from './release-policy';

const AUTHORITY = 'https://maa1.weu.attest.example.test';
const condition = { claim: 'c', equals: 'v' };
const entry = { authority: AUTHORITY, allOf: [condition] };
const policy = { version: '1.0.0', anyOf: [entry] };
const parse = (value: unknown) => parseReleasePolicyText(JSON.stringify(value));
const parseCondition = (value: unknown) =>
  parse({ version: '1.0.0', anyOf: [{ authority: AUTHORITY, allOf: [value] }] });
const refusal = (code: string, field?: string) =>
  expect.objectContaining(field === undefined ? { code } : { code, field });

describe('parseReleasePolicyText', () => {
  it('reads nested groups and every operator', () => {
    const text = JSON.stringify({
      version: '1.0.0',
      anyOf: [
        {
          authority: AUTHORITY,
          allOf: [
            { claim: 'x-ms-isolation-tee.x-ms-attestation-type', equals: 'sevsnpvm' },
            {
              anyOf: [
                { claim: 'x-ms-sevsnpvm-guestsvn', greaterOrEquals: 2 },
                { claim: 'is-special', exists: 'true' },
                { allOf: OPERATORS.map((operator) => ({ claim: 'svn', [operator]: true })) },
              ],
            },
          ],
        },
        { authority: `${AUTHORITY}/other/`, anyOf: [condition] },
      ],
    });
    expect(canonicalReleasePolicy(parseReleasePolicyText(text))).toBe(text);
  });

  it('puts the members into the stored order, without white space', () => {
    const text = `{ "anyOf": [ { "allOf": [ { "equals": "v", "claim": "c" } ], "authority": "${AUTHORITY}" } ], "version": "1.0" }`;
    expect(canonicalReleasePolicy(parseReleasePolicyText(text))).toBe(JSON.stringify(policy));
  });

  it('takes trailing commas', () => {
    const text = `{"anyOf":[{"authority":"${AUTHORITY}","allOf":[{"claim":"c","equals":"v"},],},],"version":"1.0.0",}`;
    expect(canonicalReleasePolicy(parseReleasePolicyText(text))).toBe(JSON.stringify(policy));
  });

  it.each([
    ['1.0', '1.0.0'],
    ['1.0.0', '1.0.0'],
    ['0.2', '0.2'],
  ])('gives version %s back as %s', (version, stored) => {
    expect(parse({ ...policy, version }).version).toBe(stored);
  });

  const wrong: [string, string, unknown][] = [
    ['a list', 'policy', []],
    ['a null', 'policy', null],
    ['no version', 'version', { anyOf: [entry] }],
    ['a numeric version', 'version', { ...policy, version: 1 }],
    ['an endless version', 'version', { ...policy, version: '1'.repeat(33) }],
    ['no authorities', 'anyOf', { version: '1.0.0' }],
    ['an empty list of authorities', 'anyOf', { ...policy, anyOf: [] }],
    ['an unknown member', 'policy.allOf', { ...policy, allOf: [] }],
    [
      'a __proto__ member',
      'policy.__proto__',
      JSON.parse('{"version":"1","anyOf":[],"__proto__":{}}'),
    ],
    ['an entry that is no object', 'anyOf[0]', { ...policy, anyOf: ['x'] }],
    [
      'an entry without authority',
      'anyOf[0].authority',
      { ...policy, anyOf: [{ allOf: [condition] }] },
    ],
    [
      'an entry with both groups',
      'anyOf[0]',
      { ...policy, anyOf: [{ ...entry, anyOf: [condition] }] },
    ],
    ['an entry without a group', 'anyOf[0]', { ...policy, anyOf: [{ authority: AUTHORITY }] }],
    [
      'an unknown member of an entry',
      'anyOf[0].jku',
      { ...policy, anyOf: [{ ...entry, jku: 'x' }] },
    ],
    [
      'an empty allOf, which everyone would meet',
      'anyOf[0].allOf',
      { ...policy, anyOf: [{ ...entry, allOf: [] }] },
    ],
  ];
  it.each(wrong)('refuses %s', (_title, field, value) => {
    expect(() => parse(value)).toThrow(refusal('RELEASE_POLICY_GRAMMAR', field));
  });

  it.each([
    'http://a.test',
    'a.test',
    'https://u:p@a.test',
    'https://a.test/?x=1',
    'https://a.test/#x',
    'file:///etc',
    7,
  ])('refuses the authority %j', (authority) => {
    expect(() => parse({ ...policy, anyOf: [{ ...entry, authority }] })).toThrow(
      refusal('RELEASE_POLICY_GRAMMAR', 'anyOf[0].authority'),
    );
  });

  const at = 'anyOf[0].allOf[0]';
  const wrongConditions: [string, string, unknown][] = [
    ['a string', at, 'x'],
    ['nothing in it', at, {}],
    ['a claim without an operator', at, { claim: 'c' }],
    ['two operators', at, { claim: 'c', greater: 1, less: 5 }],
    ['an unknown operator', `${at}.matches`, { claim: 'c', matches: '.*' }],
    ['an operator of another case', `${at}.Equals`, { claim: 'c', Equals: 'v' }],
    ['an empty claim name', `${at}.claim`, { claim: '', equals: 'v' }],
    ['a claim that is a number', `${at}.claim`, { claim: 1, equals: 'v' }],
    ['a null value', `${at}.equals`, { claim: 'c', equals: null }],
    ['an object value', `${at}.equals`, { claim: 'c', equals: {} }],
    ['a list value', `${at}.equals`, { claim: 'c', equals: ['v'] }],
    ['exists with another value', `${at}.exists`, { claim: 'c', exists: 'yes' }],
    [
      'exists with what cannot be written as text',
      `${at}.exists`,
      { claim: 'c', exists: [{ toString: '' }] },
    ],
    ['a group and a claim', `${at}.allOf`, { claim: 'c', equals: 'v', allOf: [condition] }],
    ['an empty nested group', `${at}.anyOf`, { anyOf: [] }],
  ];
  it.each(wrongConditions)('refuses a condition with %s', (_title, field, value) => {
    expect(() => parseCondition(value)).toThrow(refusal('RELEASE_POLICY_GRAMMAR', field));
  });

  const nested = (depth: number): unknown =>
    depth === 0 ? condition : { anyOf: [nested(depth - 1)] };

  it('takes groups down to the limit of depth and no further', () => {
    expect(() => parseCondition(nested(MAX_RELEASE_POLICY_DEPTH - 1))).not.toThrow();
    expect(() => parseCondition(nested(MAX_RELEASE_POLICY_DEPTH))).toThrow(
      refusal('RELEASE_POLICY_TOO_DEEP'),
    );
  });

  it('refuses a member that stands twice, whose meaning would be open', () => {
    const text = canonicalReleasePolicy(parse(policy)).replace(
      '"claim":"c"',
      '"claim":"c","claim":"d"',
    );
    expect(() => parseReleasePolicyText(text)).toThrow(refusal('RELEASE_POLICY_MALFORMED'));
  });

  it('survives a bomb of brackets', () => {
    const bomb = '{"anyOf":['.repeat(3000) + ']}'.repeat(3000);
    expect(() => parseReleasePolicyText(bomb.slice(0, MAX_RELEASE_POLICY_BYTES))).toThrow(
      ReleaseError,
    );
  });

  it('takes conditions up to the limit and no further, wherever they stand', () => {
    const many = (count: number) => ({
      ...policy,
      anyOf: [{ ...entry, allOf: Array(count).fill(condition) }],
    });
    expect(() => parse(many(MAX_RELEASE_POLICY_CONDITIONS))).not.toThrow();
    expect(() => parse(many(MAX_RELEASE_POLICY_CONDITIONS + 1))).toThrow(
      refusal('RELEASE_POLICY_TOO_MANY_CONDITIONS'),
    );
    const half = Array(MAX_RELEASE_POLICY_CONDITIONS / 2).fill(condition);
    const spread = {
      ...policy,
      anyOf: [entry, { ...entry, allOf: half }, { ...entry, allOf: half }],
    };
    expect(() => parse(spread)).toThrow(refusal('RELEASE_POLICY_TOO_MANY_CONDITIONS'));
  });

  it('takes authorities up to the limit and no further', () => {
    const many = (count: number) => ({ ...policy, anyOf: Array(count).fill(entry) });
    expect(() => parse(many(MAX_RELEASE_POLICY_AUTHORITIES))).not.toThrow();
    expect(() => parse(many(MAX_RELEASE_POLICY_AUTHORITIES + 1))).toThrow(
      refusal('RELEASE_POLICY_TOO_MANY_CONDITIONS', 'anyOf'),
    );
  });

  it('refuses a text beyond the limit', () => {
    expect(() => parseReleasePolicyText(' '.repeat(MAX_RELEASE_POLICY_BYTES + 1))).toThrow(
      refusal('RELEASE_POLICY_TOO_LARGE'),
    );
  });

  it('answers any JSON with a policy or a coded error', () => {
    const value = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.constant([]),
    );
    const leaf = fc.dictionary(fc.constantFrom('claim', ...OPERATORS, 'x'), value, { maxKeys: 3 });
    const groups = fc.array(
      fc.dictionary(fc.constantFrom('allOf', 'anyOf', 'authority'), fc.array(leaf)),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ version: value, anyOf: groups })),
        (input) => {
          try {
            const parsed = parse(input);
            expect(parseReleasePolicyText(canonicalReleasePolicy(parsed))).toEqual(parsed);
          } catch (error) {
            expect(error).toBeInstanceOf(ReleaseError);
          }
        },
      ),
    );
  });
});

describe('parseReleasePolicy', () => {
  const text = JSON.stringify({
    ...policy,
    anyOf: [{ ...entry, allOf: [{ claim: 'c', equals: '??>>ü' }] }],
  });

  it.each([
    ['unpadded base64url', toBase64Url(fromUtf8(text))],
    ['padded standard base64', toBase64(fromUtf8(text))],
  ])('takes %s and stores unpadded base64url', (_title, data) => {
    expect(encodeReleasePolicy(parseReleasePolicy(data))).toBe(toBase64Url(fromUtf8(text)));
  });

  it.each([
    '%',
    'A',
    toBase64Url(Uint8Array.of(0xff, 0xfe)),
    '',
    toBase64Url(fromUtf8('{"version":')),
  ])('refuses %j as malformed', (data) => {
    expect(() => parseReleasePolicy(data)).toThrow(refusal('RELEASE_POLICY_MALFORMED', 'data'));
  });

  it('refuses data beyond the limit before it is decoded', () => {
    expect(() => parseReleasePolicy('A'.repeat(MAX_RELEASE_POLICY_BYTES * 2))).toThrow(
      refusal('RELEASE_POLICY_TOO_LARGE', 'data'),
    );
  });
});

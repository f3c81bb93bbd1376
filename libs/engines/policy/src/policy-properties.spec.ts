import { sha256, fromUtf8, toBase64Url } from '@touchstone/bytes';
import type { JsonValue } from '@touchstone/claims';
import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import { serviceClaim } from './claim';
import { DEFAULT_SGX_POLICY, DEFAULT_SGX_POLICY_2020 } from './default-policies';
import { evaluateConfiguration, evaluatePolicy } from './evaluate';
import { MAX_POLICY_BYTES, MAX_POLICY_RULES } from './limits';
import { JsonDocument, isStructured } from './json-document';
import { parsePolicy } from './parser';

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

const fragments = [
  'version=1.0;',
  'version=1.1;',
  'version=1.2;',
  '![type=="a"]',
  'JmesPath(',
  ')',
  'authorizationrules{',
  'issuancerules{',
  '};',
  '=> permit();',
  'c:[type=="a", value>=1]',
  '&&',
  '=> issue(type="b", value=c.value);',
  '=> add(claim=c);',
  ' ',
  '"',
  '}',
];

describe('parsePolicy', () => {
  it('answers any text with a policy or a syntax error', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...fragments)).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect([undefined, 'POLICY_SYNTAX']).toContain(codeOf(() => parsePolicy(text)));
      }),
    );
  });

  it('refuses a text that is too long', () => {
    const padded = (length: number) => `version=1.0;${' '.repeat(length - 12)}`;
    expect(codeOf(() => parsePolicy(padded(MAX_POLICY_BYTES)))).toBeUndefined();
    expect(codeOf(() => parsePolicy(padded(MAX_POLICY_BYTES + 1)))).toBe('POLICY_SYNTAX');
  });

  it('refuses too many rules', () => {
    const rules = (count: number) =>
      `version=1.0;authorizationrules{${'=>deny();'.repeat(count)}};`;
    expect(codeOf(() => parsePolicy(rules(MAX_POLICY_RULES)))).toBeUndefined();
    expect(codeOf(() => parsePolicy(rules(MAX_POLICY_RULES + 1)))).toBe('POLICY_SYNTAX');
  });
});

describe('evaluatePolicy', () => {
  it('stops a policy that multiplies claims', () => {
    const pair = 'a:[type=="n"] && b:[type=="n"] => add(type=a.value, value=b.value);';
    const policy = parsePolicy(`version=1.0;authorizationrules{${pair}};`);
    const claims = Array.from({ length: 200 }, (_, index) => serviceClaim('n', `${index}`));
    expect(codeOf(() => evaluatePolicy(policy, claims))).toBe('POLICY_CLAIM_LIMIT');
  });

  it('stops a policy that takes too many steps', () => {
    const rule = 'a:[type!=""] && [value==a.value] => deny();';
    const policy = parsePolicy(`version=1.0;authorizationrules{${rule.repeat(200)}};`);
    const claims = Array.from({ length: 200 }, (_, index) => serviceClaim('n', `${index}`));
    expect(codeOf(() => evaluatePolicy(policy, claims))).toBe('POLICY_STEP_LIMIT');
  });

  it('says of each rule what it matched, and what came nearest where nothing did', () => {
    const policy = parsePolicy(
      'version=1.0;authorizationrules{\n[type=="svn", value>=5] => permit();\n=> add(type="a", value=1);\n};',
    );
    const { trace } = evaluatePolicy(policy, [serviceClaim('svn', 3)]);
    expect(trace).toEqual([
      expect.objectContaining({
        section: 'authorizationrules',
        index: 1,
        line: 2,
        fired: false,
        action: 'permit',
        source: '[type=="svn", value>=5] => permit();',
        conditions: [
          {
            source: '[type=="svn", value>=5]',
            held: false,
            matched: 0,
            claims: [],
            nearest: { claim: serviceClaim('svn', 3), failed: 'value>=5' },
          },
        ],
      }),
      expect.objectContaining({
        index: 2,
        line: 3,
        fired: true,
        made: [expect.objectContaining({ type: 'a' })],
      }),
    ]);
  });

  it('says which claims were bound, and which ones a negated condition met', () => {
    const policy = parsePolicy(
      'version=1.2;authorizationrules{c:[type=="svn"] && ![type=="debug"] => permit();};',
    );
    const [svn, debug] = [serviceClaim('svn', 3), serviceClaim('debug', true)];
    expect(evaluatePolicy(policy, [svn, debug]).trace[0]?.conditions).toEqual([
      { source: 'c:[type=="svn"]', held: true, binds: 'c', matched: 1, claims: [svn] },
      { source: '![type=="debug"]', held: false, negated: true, matched: 1, claims: [debug] },
    ]);
  });

  it('hands the trace over with an error', () => {
    const policy = parsePolicy(
      'version=1.0;authorizationrules{=> permit(); [type=="t", value>1] => deny();};',
    );
    let caught: unknown;
    try {
      evaluatePolicy(policy, [serviceClaim('t', 'text')]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      trace: [
        { index: 1, fired: true },
        { index: 2, fired: false },
      ],
    });
  });
});

describe('evaluation limits', () => {
  const doubled = (count: number): string =>
    Array.from(
      { length: count },
      (_, n) => `c:[type=="t${n}"] => add(type="t${n + 1}", value=AppendString(c.value, c.value));`,
    ).join('');

  it.each([
    ['text that doubles', `=> add(type="t0", value="aaaaaaaaaaaaaaaa");${doubled(40)}`],
    [
      'JSON that grows',
      'j:[type=="j"] => add(type="k", value=JmesPath(j.value, "' +
        `${Array(40).fill('[@, @]').join(' | ')}"));`,
    ],
    [
      'arguments that multiply',
      'j:[type=="j"] => add(type="k", value=' +
        `${'AppendString('.repeat(4)}"x"${', JsonToClaimValue(JmesPath(j.value, "l")))'.repeat(4)});`,
    ],
    [
      'sets that are asked for every pair',
      'a:[type=="n"] && b:[type=="n"] && c:[type=="n"] => add(type=AppendString(a.value, b.value), value=IsSubsetOf(c.value, c.value));',
    ],
  ])('stop %s', (_name, rules) => {
    const policy = parsePolicy(`version=1.2;authorizationrules{${rules}};`);
    const many = Array.from({ length: 200 }, (_, index) => `${index}`);
    const claims = [
      serviceClaim('j', JsonDocument.of({ l: many })),
      ...many.map((value) => serviceClaim('n', value)),
    ];
    expect(['POLICY_STEP_LIMIT', 'POLICY_CLAIM_LIMIT', 'POLICY_JSON']).toContain(
      codeOf(() => evaluatePolicy(policy, claims)),
    );
  });

  it('end any policy, over any claims, in a verdict or an error of the engine', () => {
    const name = fc.constantFrom('a', 'b', 'events', 'pcrs');
    const value = fc.oneof(
      fc.constantFrom('"x"', '1', 'true', '"[1,2]"', '"a || b[*]"', 'c.value', 'd.type'),
      fc.constantFrom(
        'AppendString(c.value, d.value)',
        'NegateBool(c.value)',
        'JmesPath(c.value, "[@, @]")',
        'JmesPath(c.value, d.value)',
        'JsonToClaimValue(JmesPath(c.value, "*"))',
        'IsSubsetOf(c.value, d.value)',
        'ContainsOnlyValue(c.value, d.value)',
      ),
    );
    const rule = fc
      .tuple(name, name, fc.constantFrom('==', '!=', '<', '>='), value, name, value)
      .map(
        ([from, other, operator, operand, made, made2]) =>
          `c:[type=="${from}"] && d:[type=="${other}"] && ` +
          `![type=="b", value${operator}${operand}] => add(type="${made}", value=${made2});`,
      );
    const claim = fc
      .tuple(name, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.jsonValue()))
      .map(([type, json]) =>
        serviceClaim(
          type,
          isStructured(json as JsonValue) || typeof json === 'number'
            ? JsonDocument.of(json as JsonValue)
            : (json as string | boolean),
        ),
      );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), fc.array(claim), (rules, claims) => {
        const policy = parsePolicy(`version=1.2;authorizationrules{${rules.join('')}};`);
        expect(codeOf(() => evaluatePolicy(policy, claims)) ?? 'POLICY_').toMatch(/^POLICY_/);
      }),
    );
  });
});

describe('evaluateConfiguration', () => {
  it('gives the properties before there are claims', () => {
    const policy = parsePolicy(
      'version=1.1;configurationrules{=> issueproperty(type="x-ms-sgx-tcbidentifier", value="12");};',
    );
    expect(evaluateConfiguration(policy)).toEqual({ 'x-ms-sgx-tcbidentifier': '12' });
  });
});

describe('default policies', () => {
  const hash = (text: string): string => toBase64Url(sha256(fromUtf8(toBase64Url(fromUtf8(text)))));

  it.each([
    ['of today', DEFAULT_SGX_POLICY, 'bROrN897ZfWmWY2V0FLUlu3uwk5xatGnKYHn3zBbSlw'],
    ['of 2020', DEFAULT_SGX_POLICY_2020, 'egjnANIzEpS2WgpE4Nk-QEwM69XRCgTs42_G0qLlbnk'],
  ])('the one %s has the bytes of the live service and parses', (_name, text, expected) => {
    expect(hash(text)).toBe(expected);
    expect(parsePolicy(text).sections.issuancerules).toHaveLength(6);
  });
});

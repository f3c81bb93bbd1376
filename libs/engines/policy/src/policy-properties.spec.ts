import { sha256, fromUtf8, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import fc from 'fast-check';
import { serviceClaim } from './claim';
import { DEFAULT_SGX_POLICY, DEFAULT_SGX_POLICY_2020 } from './default-policies';
import { evaluateConfiguration, evaluatePolicy } from './evaluate';
import { MAX_POLICY_BYTES, MAX_POLICY_RULES } from './limits';
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
            matched: 0,
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

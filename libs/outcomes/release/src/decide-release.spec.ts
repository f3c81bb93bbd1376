import fc from 'fast-check';
import { decideRelease } from './decide-release';
import { parseReleasePolicyText } from './parse-release-policy';
import { authoritiesFor } from './release-policy';

const ISSUER = 'https://a.test';
const entriesOf = (...groups: object[]) => {
  const anyOf = groups.map((group) => ({ authority: ISSUER, ...group }));
  return authoritiesFor(
    parseReleasePolicyText(JSON.stringify({ version: '1.0.0', anyOf })),
    ISSUER,
  );
};
const decide = (claims: Record<string, unknown>, ...conditions: object[]) =>
  decideRelease(claims, entriesOf({ allOf: conditions }));

describe('one condition', () => {
  it.each([
    ['equals', 'v', 'v', true],
    ['equals', 'v', 'V', false],
    ['equals', 'true', true, true],
    ['equals', true, 'true', true],
    ['equals', '0', 0, true],
    ['equals', 0, '0', true],
    ['equals', 'false', false, true],
    ['equals', '1.0', 1, false],
    ['equals', '', '', true],
    ['notEquals', 'v', 'w', true],
    ['notEquals', 'v', 'v', false],
    ['notEquals', '1', 1, false],
    ['less', 5, 4, true],
    ['less', 5, 5, false],
    ['lessOrEquals', 5, 5, true],
    ['lessOrEquals', 5, 6, false],
    ['greater', 5, 6, true],
    ['greater', 5, 5, false],
    ['greaterOrEquals', 5, 5, true],
    ['greaterOrEquals', '5', 10, true],
    ['greaterOrEquals', 5, '10', true],
    ['greaterOrEquals', 5, 4, false],
    ['greater', '9007199254740992', '9007199254740993', true],
    ['less', '1.5', '1', true],
    ['exists', 'true', '', true],
    ['exists', true, {}, true],
    ['exists', 'false', 'v', false],
  ])('%s %j against %j: %s', (operator, value, claim, met) => {
    expect(decide({ c: claim }, { claim: 'c', [operator]: value }).granted).toBe(met);
  });

  it.each(['equals', 'notEquals', 'less', 'lessOrEquals', 'greater', 'greaterOrEquals'])(
    '%s is not met by an absent claim, and says so',
    (operator) => {
      const { granted, checks } = decide({}, { claim: 'c', [operator]: 1 });
      expect(granted).toBe(false);
      expect(checks).toEqual([
        {
          name: 'claim-c',
          result: 'failed',
          read: 'absent',
          expected: `${operator} 1`,
          detail: 'entry[0].allOf[0]',
          code: 'CLAIM_ABSENT',
        },
      ]);
    },
  );

  it('exists false is met by an absent claim, exists true is not', () => {
    expect(decide({}, { claim: 'c', exists: 'false' }).granted).toBe(true);
    expect(decide({}, { claim: 'c', exists: 'true' }).checks[0]).toMatchObject({
      code: 'CLAIM_ABSENT',
    });
  });

  it('a null claim says nothing, like an absent one', () => {
    expect(decide({ c: null }, { claim: 'c', exists: true }).granted).toBe(false);
    expect(decide({ c: null }, { claim: 'c', equals: 'null' }).checks[0]).toMatchObject({
      code: 'CLAIM_ABSENT',
    });
  });

  it.each([[['v']], [{ v: 1 }]])('is not met by the claim %j, whatever its text', (claim) => {
    const { checks } = decide({ c: claim }, { claim: 'c', notEquals: 'v' });
    expect(checks[0]).toMatchObject({ result: 'failed', code: 'CLAIM_NOT_SCALAR' });
  });

  it.each([
    ['5', 'high'],
    ['high', '5'],
    [5, true],
    [5, ''],
    [5, ' 6'],
    [5, '0x10'],
    [5, '1e9'],
    [5, '9'.repeat(65)],
  ])('has no order between %j and %j', (value, claim) => {
    const { checks } = decide({ c: claim }, { claim: 'c', greaterOrEquals: value });
    expect(checks[0]).toMatchObject({ result: 'failed', code: 'CLAIM_NOT_COMPARABLE' });
  });

  it('shows a long value cut', () => {
    const { checks } = decide({ c: 'x'.repeat(5000) }, { claim: 'c', equals: 'y' });
    expect(checks[0]?.read).toHaveLength(201);
  });
});

describe('a dotted claim', () => {
  const claims = {
    tee: { type: 'snp', deep: { svn: 3 }, list: [{ x: 'v' }] },
    'tee.type': 'literal',
  };

  it('is the literal name first', () => {
    expect(decide(claims, { claim: 'tee.type', equals: 'literal' }).granted).toBe(true);
  });

  it('walks objects', () => {
    expect(decide(claims, { claim: 'tee.deep.svn', equals: '3' }).granted).toBe(true);
  });

  it.each([
    'tee.list.0.x',
    'tee.none',
    'tee.type.length',
    'tee..type',
    'constructor',
    'tee.constructor',
    '__proto__',
    '.',
  ])('%s leads nowhere', (claim) => {
    expect(decide({ tee: claims.tee }, { claim, exists: 'true' }).granted).toBe(false);
  });
});

describe('groups', () => {
  const yes = { claim: 'a', equals: '1' };
  const no = { claim: 'b', equals: '1' };
  const claims = { a: 1, b: 2 };

  it('allOf wants each, and the first that fails decides', () => {
    expect(decide(claims, yes, yes).granted).toBe(true);
    const refused = decide(claims, yes, no, { claim: 'z', equals: '1' });
    expect(refused).toMatchObject({ granted: false, decisive: 'claim-b' });
    expect(refused.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'claim-a passed',
      'claim-b failed',
      'claim-z failed',
    ]);
  });

  it('anyOf wants one; the others are noted', () => {
    const { granted, checks, decisive } = decide(claims, { anyOf: [no, yes] });
    expect([granted, decisive]).toEqual([true, undefined]);
    expect(checks.map(({ result }) => result)).toEqual(['noted', 'passed', 'passed']);
  });

  it('an anyOf that nothing meets decides as a group', () => {
    expect(decide(claims, { anyOf: [no, no] })).toMatchObject({
      granted: false,
      decisive: 'policy-any-of',
    });
  });

  it('an anyOf of one is as good as its condition', () => {
    expect(decide(claims, { anyOf: [no] }).decisive).toBe('claim-b');
  });

  it('one of two entries of the same authority is enough', () => {
    expect(decideRelease(claims, entriesOf({ allOf: [no] }, { anyOf: [yes] })).granted).toBe(true);
    expect(decideRelease(claims, entriesOf({ allOf: [no] }, { allOf: [no] }))).toMatchObject({
      granted: false,
      decisive: 'policy-entries',
    });
  });

  it('no entry grants nothing', () => {
    expect(decideRelease(claims, [])).toMatchObject({ granted: false, decisive: 'policy-entries' });
  });

  it('decides as plain boolean logic does', () => {
    const leaf = fc.boolean().map((met) => ({ met, json: met ? yes : no }));
    type Node = { met: boolean; json: object };
    const { node } = fc.letrec<{ node: Node }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((nodes) => ({
          met: nodes.every(({ met }) => met),
          json: { allOf: nodes.map(({ json }) => json) },
        })),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((nodes) => ({
          met: nodes.some(({ met }) => met),
          json: { anyOf: nodes.map(({ json }) => json) },
        })),
      ),
    }));
    fc.assert(
      fc.property(node, ({ met, json }) => {
        const { granted, checks, decisive } = decide(claims, json);
        expect(granted).toBe(met);
        expect(checks.some(({ result }) => result === 'failed')).toBe(!met);
        expect(decisive === undefined).toBe(met);
      }),
    );
  });
});

import fc from 'fast-check';
import type {
  Action,
  ClaimTemplate,
  Comments,
  Condition,
  Expression,
  PropertyTest,
  RelationalOperator,
  SectionName,
} from './ast';
import { PROPERTY_NAMES, RELATIONAL_OPERATORS, SECTION_NAMES } from './ast';
import vectors from './evaluate-vectors.json';
import { MAX_LINE_CHARACTERS, formatPolicy, type PolicyTree, type RuleTree } from './format-policy';
import { FUNCTION_NAMES, FUNCTION_PARAMETERS } from './function-names';
import { parsePolicy } from './parser';

/** A tree without what says where it stood in its text. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name]) => !['source', 'position', 'text'].includes(name),
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, bare(item)]));
}

const literal: fc.Arbitrary<Expression> = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)) }),
    fc.boolean(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => {
      const number = Number(n);
      return Number.isSafeInteger(number) ? number : n;
    }),
  )
  .map((value) => ({ kind: 'literal', value: Object.is(value, -0) ? 0 : value }));

const name = fc.constantFrom('c', 'c1', 'claim', 'type', 'permit', '_x', 'JmesPath', 'version');

const expression = (bound: readonly string[], depth = 2): fc.Arbitrary<Expression> => {
  const simple =
    bound.length === 0
      ? literal
      : fc.oneof(
          literal,
          fc.record({
            kind: fc.constant('reference' as const),
            name: fc.constantFrom(...bound),
            property: fc.constantFrom(...PROPERTY_NAMES),
          }),
        );
  if (depth === 0) return simple;
  const inner = expression(bound, depth - 1);
  const call = fc.constantFrom(...FUNCTION_NAMES).chain((called) =>
    fc.tuple(inner, inner).map(([first, second]): Expression => {
      const two = FUNCTION_PARAMETERS[called].length === 2;
      return { kind: 'call', name: called, args: two ? [first, second] : [first] };
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: simple }, call);
};

const test = (bound: readonly string[]): fc.Arbitrary<PropertyTest> =>
  fc.record({
    property: fc.constantFrom(...PROPERTY_NAMES),
    operator: fc.constantFrom<RelationalOperator>(...RELATIONAL_OPERATORS),
    operand: expression(bound),
    source: fc.constant(''),
  });

const condition = (
  bound: readonly string[],
  head: { readonly negated?: true; readonly binds?: string },
): fc.Arbitrary<Condition> =>
  fc
    .array(test(bound), { minLength: 1, maxLength: 3 })
    .map((tests) => ({ ...head, tests, source: '' }));

const template = (bound: readonly string[]): fc.Arbitrary<ClaimTemplate> => {
  const make = fc
    .record({ type: expression(bound), value: expression(bound) })
    .chain((needed) =>
      fc
        .record({ valueType: expression(bound), issuer: expression(bound) }, { requiredKeys: [] })
        .map((others): ClaimTemplate => ({ kind: 'make', ...needed, ...others })),
    );
  if (bound.length === 0) return make;
  return fc.oneof(
    make,
    fc.constantFrom(...bound).map((from): ClaimTemplate => ({ kind: 'copy', name: from })),
  );
};

const ACTIONS = {
  configurationrules: ['issueproperty'],
  authorizationrules: ['add', 'permit', 'deny'],
  issuancerules: ['add', 'issue', 'issueproperty'],
} as const;

const action = (section: SectionName, bound: readonly string[]): fc.Arbitrary<Action> =>
  fc
    .tuple(fc.constantFrom<Action['kind']>(...ACTIONS[section]), template(bound))
    .map(([kind, made]) =>
      kind === 'permit' || kind === 'deny' ? { kind } : { kind, template: made },
    );

const comment = fc.string().map((text) => `//${text.replaceAll(/[\r\n]/g, ' ')}`.trimEnd());

const comments: fc.Arbitrary<Comments> = fc
  .record({ above: fc.array(comment, { maxLength: 2 }) })
  .chain((above) =>
    fc.option(comment, { nil: undefined }).map((beside) => ({
      ...above,
      ...(beside !== undefined && { beside }),
    })),
  );

const rule = (section: SectionName): fc.Arbitrary<RuleTree> =>
  fc
    .uniqueArray(fc.tuple(name, fc.constantFrom('bound', 'plain', 'negated')), {
      maxLength: 3,
      selector: ([binds]) => binds,
    })
    .chain((heads) => {
      const bound: string[] = [];
      const conditions = heads.map(([binds, kind]) => {
        const seen = [...bound];
        if (kind === 'bound') bound.push(binds);
        const head = { bound: { binds }, plain: {}, negated: { negated: true } } as const;
        return condition(seen, head[kind as keyof typeof head]);
      });
      return fc.record({
        conditions: fc.tuple(...conditions),
        action: action(section, bound),
        comments,
      });
    });

const rules = (section: SectionName) => fc.array(rule(section), { maxLength: 3 });

const policy: fc.Arbitrary<PolicyTree> = fc
  .record({
    version: fc.constant('1.2'),
    sections: fc.record({
      configurationrules: rules('configurationrules'),
      authorizationrules: rules('authorizationrules'),
      issuancerules: rules('issuancerules'),
    }),
    layout: fc.record({
      configurationrules: fc.record({ comments, end: fc.array(comment, { maxLength: 2 }) }),
      authorizationrules: fc.record({ comments, end: fc.array(comment, { maxLength: 2 }) }),
      issuancerules: fc.record({ comments, end: fc.array(comment, { maxLength: 2 }) }),
    }),
    comments,
    end: fc.array(comment, { maxLength: 2 }),
  })
  .chain((tree) =>
    fc.subarray([...SECTION_NAMES]).map((written) => ({
      ...tree,
      sections: {
        configurationrules: [],
        authorizationrules: [],
        issuancerules: [],
        ...Object.fromEntries(written.map((section) => [section, tree.sections[section]])),
      },
      layout: Object.fromEntries(written.map((section) => [section, tree.layout[section]])),
    })),
  );

describe('formatPolicy', () => {
  it('gives a text that parses to the same tree, comments and all', () => {
    fc.assert(
      fc.property(policy, (tree) => {
        expect(bare(parsePolicy(formatPolicy(tree)))).toEqual(bare(tree));
      }),
      { numRuns: 300 },
    );
  });

  it.each(vectors.map(({ title, policy: text }) => [title, text]))(
    'keeps the meaning of %s, and its own form',
    (_title, text) => {
      const once = formatPolicy(parsePolicy(text));
      expect(bare(parsePolicy(once))).toEqual(bare(parsePolicy(text)));
      expect(formatPolicy(parsePolicy(once))).toBe(once);
    },
  );

  it('writes one rule a line, and breaks what is too long', () => {
    const long = `[type=="${'a'.repeat(MAX_LINE_CHARACTERS / 2)}", value==1]`;
    const text = `Version = 1.2;// v
      // about the section
      AuthorizationRules // here
      {
        // first
        [ type == "a" , value >= 1 ] && // inside
          ![ type=="b" ] => permit ( ) ; // beside
        c:${long} && ${long} => add ( value = c.value , type="x" );
        // last
      } ; // behind
      issuancerules{};
      // end`;
    expect(formatPolicy(parsePolicy(text))).toBe(
      `version=1.2; // v

// about the section
// here
authorizationrules {
  // first
  // inside
  [type=="a", value>=1] && ![type=="b"] => permit(); // beside
  c:${long} &&
  ${long}
    => add(type="x", value=c.value);
  // last
}; // behind

issuancerules {};

// end
`,
    );
  });
});

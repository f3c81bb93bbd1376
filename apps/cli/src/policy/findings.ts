import {
  PolicyEvaluationError,
  parseQuery,
  type ClaimTemplate,
  type Expression,
  type Policy,
  type Rule,
} from '@touchstone/policy';

/** Something that a policy may say, but hardly means. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

const PROPERTIES: ReadonlySet<string> = new Set([
  'require_valid_aik_cert',
  'required_pcr_mask',
  'x-ms-sgx-tcbidentifier',
  'report_validity_in_minutes',
  'omit_x5c',
]);

/** As measurements and signers are written, but for the case of their letters. */
const UPPER_CASE_HEX = /^(?=.*[A-F])[0-9A-Fa-f]{64,}$/;

export function findings(policy: Policy): readonly Finding[] {
  const rules = Object.values(policy.sections).flat();
  const permits = policy.sections.authorizationrules.some(({ action }) => action.kind === 'permit');
  return [
    ...(permits ? [] : [{ line: 1, message: 'no rule permits: every attestation is denied' }]),
    ...rules.flatMap((rule) =>
      ruleFindings(rule).map((message) => ({ line: rule.position.line, message })),
    ),
  ];
}

function ruleFindings(rule: Rule): readonly string[] {
  const texts = expressionsOf(rule).flatMap(expressionFindings);
  const { action } = rule;
  if (action.kind !== 'issueproperty' || action.template.kind === 'copy') return texts;
  const { type } = action.template;
  if (type.kind !== 'literal' || PROPERTIES.has(String(type.value))) return texts;
  return [...texts, `the property ${String(type.value)} means nothing to the service`];
}

function expressionsOf({ conditions, action }: Rule): readonly Expression[] {
  const operands = conditions.flatMap(({ tests }) => tests.map(({ operand }) => operand));
  const made = 'template' in action ? templateExpressions(action.template) : [];
  return [...operands, ...made].flatMap(withArguments);
}

function templateExpressions(template: ClaimTemplate): readonly Expression[] {
  if (template.kind === 'copy') return [];
  const { type, value, valueType, issuer } = template;
  return [type, value, valueType, issuer].filter((expression) => expression !== undefined);
}

const withArguments = (expression: Expression): readonly Expression[] =>
  expression.kind === 'call'
    ? [expression, ...expression.args.flatMap(withArguments)]
    : [expression];

function expressionFindings(expression: Expression): readonly string[] {
  if (expression.kind === 'literal') {
    const { value } = expression;
    const shouting = typeof value === 'string' && UPPER_CASE_HEX.test(value);
    return shouting ? ['hex claims are lower case, so that this text equals none of them'] : [];
  }
  if (expression.kind !== 'call' || expression.name !== 'JmesPath') return [];
  const query = expression.args[1];
  return query?.kind === 'literal' ? queryFindings(String(query.value)) : [];
}

function queryFindings(query: string): readonly string[] {
  try {
    parseQuery(query);
    return [];
  } catch (error) {
    if (error instanceof PolicyEvaluationError) return [error.message];
    throw error;
  }
}

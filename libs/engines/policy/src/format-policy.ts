import {
  SECTION_NAMES,
  type Action,
  type ClaimTemplate,
  type Comments,
  type Condition,
  type Expression,
  type Policy,
  type PropertyTest,
  type Rule,
  type SectionName,
} from './ast';

/** What of a policy makes a difference to how it is written; where it stood before does not. */
export type PolicyTree = Pick<Policy, 'version' | 'layout' | 'comments' | 'end'> & {
  readonly sections: Readonly<Record<SectionName, readonly RuleTree[]>>;
};
export type RuleTree = Pick<Rule, 'conditions' | 'action' | 'comments'>;

/** Longer rules are broken after each condition. */
export const MAX_LINE_CHARACTERS = 100;

const INDENT = '  ';

/**
 * A policy in one form of writing, comments kept: parsing the text gives the same tree. The text of a
 * policy is what is hashed and signed, so that formatting a policy in force makes it another one.
 */
export function formatPolicy(policy: PolicyTree): string {
  const parts = [
    [...withComments(policy.comments, '', [`version=${policy.version};`])],
    ...SECTION_NAMES.map((name) => sectionLines(name, policy)),
    policy.end,
  ].filter((lines) => lines.length > 0);
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function sectionLines(name: SectionName, { sections, layout }: PolicyTree): readonly string[] {
  const section = layout[name];
  if (!section) return [];
  const inside = [
    ...sections[name].flatMap((rule) => withComments(rule.comments, INDENT, ruleLines(rule))),
    ...section.end.map((comment) => INDENT + comment),
  ];
  const lines = inside.length === 0 ? [`${name} {};`] : [`${name} {`, ...inside, '};'];
  return withComments(section.comments, '', lines);
}

function withComments(
  { above, beside }: Comments,
  indent: string,
  lines: readonly string[],
): readonly string[] {
  const last = lines.length - 1;
  const behind = beside === undefined ? '' : ` ${beside}`;
  return [...above, ...lines.map((line, index) => (index === last ? line + behind : line))].map(
    (line) => indent + line,
  );
}

function ruleLines({ conditions, action }: RuleTree): readonly string[] {
  const tests = conditions.map(conditionText);
  const act = `=> ${actionText(action)};`;
  const line = [...(tests.length > 0 ? [tests.join(' && ')] : []), act].join(' ');
  if (tests.length === 0 || INDENT.length + line.length <= MAX_LINE_CHARACTERS) return [line];
  return [
    ...tests.map((test, index) => (index < tests.length - 1 ? `${test} &&` : test)),
    `${INDENT}${act}`,
  ];
}

function conditionText({ negated, binds, tests }: Condition): string {
  const prefix = negated ? '!' : binds === undefined ? '' : `${binds}:`;
  return `${prefix}[${tests.map(testText).join(', ')}]`;
}

const testText = ({ property, operator, operand }: PropertyTest): string =>
  `${property}${operator}${expressionText(operand)}`;

function actionText(action: Action): string {
  if (action.kind === 'permit' || action.kind === 'deny') return `${action.kind}()`;
  return `${action.kind}(${templateText(action.template)})`;
}

function templateText(template: ClaimTemplate): string {
  if (template.kind === 'copy') return `claim=${template.name}`;
  const { type, value, valueType, issuer } = template;
  return Object.entries({ type, value, valueType, issuer })
    .flatMap(([name, expression]) => (expression ? [`${name}=${expressionText(expression)}`] : []))
    .join(', ');
}

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string'
        ? JSON.stringify(expression.value)
        : String(expression.value);
    case 'reference':
      return `${expression.name}.${expression.property}`;
    case 'call':
      return `${expression.name}(${expression.args.map(expressionText).join(', ')})`;
  }
}

import { PROPERTY_NAMES, RELATIONAL_OPERATORS, type Condition, type PropertyTest } from './ast';
import { parseExpression, type RuleContext } from './expression-parser';
import { versionWith } from './language-version';
import { MAX_RULE_CONDITIONS } from './limits';

export function parseConditions(context: RuleContext): readonly Condition[] {
  const { cursor } = context;
  const conditions: Condition[] = [];
  do {
    if (conditions.length === MAX_RULE_CONDITIONS)
      cursor.fail(`more than ${MAX_RULE_CONDITIONS} conditions`);
    conditions.push(cursor.within('condition', () => parseCondition(context)));
  } while (cursor.takeIf('&&'));
  return conditions;
}

/** `[ ID : ] "[" tests "]"` or `! "[" tests "]"`; an identifier is known to later conditions, not to its own. */
function parseCondition(context: RuleContext): Condition {
  const { cursor, bound } = context;
  const start = cursor.current;
  const negated = takeNegation(context);
  const binds = negated ? undefined : takeBinding(context);
  cursor.expect('[');
  const tests: PropertyTest[] = [];
  do {
    tests.push(cursor.within('propTest', () => parseTest(context)));
  } while (cursor.takeIf(','));
  cursor.expect(']');
  if (binds !== undefined) bound.add(binds);
  return {
    ...(negated && { negated }),
    ...(binds !== undefined && { binds }),
    tests,
    source: cursor.sourceSince(start),
  };
}

function takeNegation({ cursor, language }: RuleContext): true | undefined {
  if (language.features.has('negated conditions')) return cursor.takeIf('!') || undefined;
  if (cursor.current.text !== '!') return undefined;
  const since = versionWith(({ features }) => features.has('negated conditions'));
  cursor.atKind('identifier', 'ID');
  cursor.at('[');
  return cursor.mismatch(` (negated conditions need version ${since})`);
}

function takeBinding({ cursor, bound }: RuleContext): string | undefined {
  if (!cursor.atKind('identifier', 'ID')) return undefined;
  const token = cursor.take();
  if (bound.has(token.text)) cursor.fail(`the identifier '${token.text}' is bound twice`, token);
  cursor.expect(':');
  return token.text;
}

function parseTest(context: RuleContext): PropertyTest {
  const { cursor } = context;
  const start = cursor.current;
  const property = cursor.expectOneOf(PROPERTY_NAMES);
  const operator = cursor.expectOneOf(RELATIONAL_OPERATORS);
  const operand = parseExpression(context);
  return { property, operator, operand, source: cursor.sourceSince(start) };
}

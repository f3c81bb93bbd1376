import {
  PROPERTY_NAMES,
  RELATIONAL_OPERATORS,
  type Action,
  type ClaimTemplate,
  type Condition,
  type Expression,
  type PropertyName,
  type PropertyTest,
  type Rule,
  type SectionName,
} from './ast';
import { MAX_RULE_CONDITIONS } from './limits';
import type { TokenCursor } from './token-cursor';

/** Which actions may stand in which section. */
const ACTIONS: Readonly<Record<SectionName, readonly Action['kind'][]>> = {
  configurationrules: ['issueproperty'],
  authorizationrules: ['permit', 'deny', 'add'],
  issuancerules: ['add', 'issue', 'issueproperty'],
};

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);

/** `[ conditions ] => action ;` */
export function parseRule(cursor: TokenCursor, section: SectionName): Rule {
  const start = cursor.current;
  const bound = new Set<string>();
  const conditions = cursor.at('=>') ? [] : parseConditions(cursor, bound);
  cursor.expect('=>');
  const action = cursor.within('action', () => parseAction(cursor, section, bound));
  cursor.expect(';');
  const { line, column } = start;
  return { conditions, action, position: { line, column }, source: cursor.sourceSince(start) };
}

function parseConditions(cursor: TokenCursor, bound: Set<string>): readonly Condition[] {
  const conditions: Condition[] = [];
  do {
    if (conditions.length === MAX_RULE_CONDITIONS)
      cursor.fail(`more than ${MAX_RULE_CONDITIONS} conditions`);
    conditions.push(cursor.within('condition', () => parseCondition(cursor, bound)));
  } while (cursor.takeIf('&&'));
  return conditions;
}

/** `[ ID : ] "[" test { "," test } "]"`; the identifier is known to later conditions, not to its own. */
function parseCondition(cursor: TokenCursor, bound: Set<string>): Condition {
  const start = cursor.current;
  const binds = cursor.current.kind === 'identifier' ? cursor.take().text : undefined;
  if (binds !== undefined) {
    if (bound.has(binds)) cursor.fail(`the identifier '${binds}' is bound twice`, start);
    cursor.expect(':');
  }
  cursor.expect('[');
  const tests: PropertyTest[] = [];
  do {
    tests.push(cursor.within('propertyTest', () => parseTest(cursor, bound)));
  } while (cursor.takeIf(','));
  cursor.expect(']');
  const source = cursor.sourceSince(start);
  if (binds === undefined) return { tests, source };
  bound.add(binds);
  return { binds, tests, source };
}

function parseTest(cursor: TokenCursor, bound: ReadonlySet<string>): PropertyTest {
  const start = cursor.current;
  const property = cursor.expectOneOf(PROPERTY_NAMES);
  const operator = cursor.expectOneOf(RELATIONAL_OPERATORS);
  const operand = parseExpression(cursor, bound);
  return { property, operator, operand, source: cursor.sourceSince(start) };
}

function parseAction(
  cursor: TokenCursor,
  section: SectionName,
  bound: ReadonlySet<string>,
): Action {
  const kind = cursor.expectOneOf(ACTIONS[section]);
  cursor.expect('(');
  if (kind === 'permit' || kind === 'deny') {
    cursor.expect(')');
    return { kind };
  }
  const template = cursor.within('claimArguments', () => parseTemplate(cursor, bound));
  cursor.expect(')');
  return { kind, template };
}

function parseTemplate(cursor: TokenCursor, bound: ReadonlySet<string>): ClaimTemplate {
  if (cursor.takeIf('claim')) {
    cursor.expect('=');
    return { kind: 'copy', name: parseBoundName(cursor, bound) };
  }
  const { type, value, ...others } = parseAssignments(cursor, bound);
  if (!type || !value) cursor.fail(`a claim needs type and value`);
  return { kind: 'make', type, value, ...others };
}

function parseAssignments(
  cursor: TokenCursor,
  bound: ReadonlySet<string>,
): Partial<Record<PropertyName, Expression>> {
  const assigned: Partial<Record<PropertyName, Expression>> = {};
  do {
    const start = cursor.current;
    const property = cursor.expectOneOf(PROPERTY_NAMES);
    if (assigned[property]) cursor.fail(`'${property}' is given twice`, start);
    cursor.expect('=');
    assigned[property] = parseExpression(cursor, bound);
  } while (cursor.takeIf(','));
  return assigned;
}

function parseExpression(cursor: TokenCursor, bound: ReadonlySet<string>): Expression {
  const { kind, text, value = '' } = cursor.current;
  if (kind === 'string') {
    cursor.take();
    return { kind: 'literal', value };
  }
  if (kind === 'integer') return { kind: 'literal', value: parseInteger(cursor) };
  if (text === 'true' || text === 'false') {
    cursor.take();
    return { kind: 'literal', value: text === 'true' };
  }
  if (kind !== 'identifier') cursor.mismatch("{STRING, INT, 'true', 'false', ID}");
  const name = parseBoundName(cursor, bound);
  cursor.expect('.');
  return { kind: 'reference', name, property: cursor.expectOneOf(PROPERTY_NAMES) };
}

function parseInteger(cursor: TokenCursor): number | bigint {
  const token = cursor.current;
  // 64 bits have at most 19 digits; longer texts are not handed to BigInt.
  const exact = token.text.length <= 20 ? BigInt(token.text) : LARGEST_INTEGER + 1n;
  if (exact > LARGEST_INTEGER || exact < SMALLEST_INTEGER)
    cursor.fail('the integer does not fit 64 bits', token);
  cursor.take();
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

function parseBoundName(cursor: TokenCursor, bound: ReadonlySet<string>): string {
  const token = cursor.expectKind('identifier', 'ID');
  if (!bound.has(token.text)) cursor.fail(`the identifier '${token.text}' is not bound`, token);
  return token.text;
}

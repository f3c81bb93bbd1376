import {
  PROPERTY_NAMES,
  type Action,
  type ClaimTemplate,
  type Expression,
  type PropertyName,
  type Rule,
  type SectionName,
} from './ast';
import { parseConditions } from './condition-parser';
import { parseBoundName, parseExpression, type RuleContext } from './expression-parser';
import type { LanguageVersion } from './language-version';
import type { TokenCursor } from './token-cursor';

/** Which actions may stand in which section. */
const ACTIONS: Readonly<Record<SectionName, readonly Action['kind'][]>> = {
  configurationrules: ['issueproperty'],
  authorizationrules: ['permit', 'deny', 'add'],
  issuancerules: ['add', 'issue', 'issueproperty'],
};

/** What the grammar calls an action. */
const ACTION_RULES: Readonly<Record<Action['kind'], string>> = {
  permit: 'permit',
  deny: 'deny',
  add: 'addClaim',
  issue: 'issueClaim',
  issueproperty: 'property',
};

/** `[ conditions ] => action ;` */
export function parseRule(
  cursor: TokenCursor,
  section: SectionName,
  language: LanguageVersion,
): Rule {
  const start = cursor.current;
  const context: RuleContext = { cursor, language, bound: new Set() };
  const conditions = cursor.at('=>') ? [] : parseConditions(context);
  cursor.expect('=>');
  const action = parseAction(context, section);
  cursor.expect(';');
  return {
    conditions,
    action,
    position: { line: start.line, column: start.column },
    source: cursor.sourceSince(start),
    comments: cursor.takeComments(),
  };
}

function parseAction(context: RuleContext, section: SectionName): Action {
  const { cursor } = context;
  const kind = cursor.expectOneOf(ACTIONS[section]);
  return cursor.within(ACTION_RULES[kind], () => {
    cursor.expect('(');
    if (kind === 'permit' || kind === 'deny') {
      cursor.expect(')');
      return { kind };
    }
    const template = cursor.within('claimArgs', () => parseTemplate(context));
    cursor.expect(')');
    return { kind, template };
  });
}

function parseTemplate(context: RuleContext): ClaimTemplate {
  const { cursor } = context;
  if (cursor.takeIf('claim')) {
    cursor.expect('=');
    return { kind: 'copy', name: parseBoundName(context) };
  }
  const { type, value, ...others } = parseAssignments(context);
  if (!type || !value) return cursor.fail('a claim needs type and value');
  return { kind: 'make', type, value, ...others };
}

function parseAssignments(context: RuleContext): Partial<Record<PropertyName, Expression>> {
  const { cursor } = context;
  const assigned: Partial<Record<PropertyName, Expression>> = {};
  do {
    const start = cursor.current;
    const property = cursor.expectOneOf(PROPERTY_NAMES);
    if (assigned[property]) cursor.fail(`'${property}' is given twice`, start);
    cursor.expect('=');
    assigned[property] = parseExpression(context);
  } while (cursor.takeIf(','));
  return assigned;
}

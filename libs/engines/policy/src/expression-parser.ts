import { PROPERTY_NAMES, type Expression, type FunctionCall } from './ast';
import { FUNCTION_NAMES, FUNCTION_PARAMETERS, isFunctionName } from './function-names';
import { versionWith, type LanguageVersion } from './language-version';
import { MAX_CALL_DEPTH } from './limits';
import type { TokenCursor } from './token-cursor';

/** What is known while one rule is read. */
export interface RuleContext {
  readonly cursor: TokenCursor;
  readonly language: LanguageVersion;
  /** Identifiers that conditions have bound so far. */
  readonly bound: Set<string>;
}

const LARGEST_INTEGER = 2n ** 63n - 1n;
const SMALLEST_INTEGER = -(2n ** 63n);
/** Of 64 bits, with a sign; longer texts are not handed to BigInt. */
const MAX_INTEGER_CHARACTERS = 20;

/** A literal, `ID . property`, or a call of a function. `depth` counts the calls around it. */
export function parseExpression(context: RuleContext, depth = 0): Expression {
  const { cursor } = context;
  if (cursor.atKind('string', 'STRING')) {
    return { kind: 'literal', value: cursor.take().value ?? '' };
  }
  if (cursor.atKind('integer', 'INT')) return { kind: 'literal', value: parseInteger(cursor) };
  if (cursor.takeIf('true')) return { kind: 'literal', value: true };
  if (cursor.takeIf('false')) return { kind: 'literal', value: false };
  if (cursor.current.kind === 'identifier' && cursor.following.text === '(') {
    return cursor.within('call', () => parseCall(context, depth));
  }
  if (context.language.features.has('functions'))
    for (const name of FUNCTION_NAMES) cursor.at(name);
  return cursor.within('propRef', () => parseReference(context));
}

/** An identifier that an earlier condition of the rule has bound. */
export function parseBoundName({ cursor, bound }: RuleContext): string {
  const token = cursor.expectKind('identifier', 'ID');
  if (!bound.has(token.text)) cursor.fail(`the identifier '${token.text}' is not bound`, token);
  return token.text;
}

function parseReference(context: RuleContext): Expression {
  const name = parseBoundName(context);
  context.cursor.expect('.');
  return { kind: 'reference', name, property: context.cursor.expectOneOf(PROPERTY_NAMES) };
}

function parseCall(context: RuleContext, depth: number): FunctionCall {
  const { cursor } = context;
  if (depth === MAX_CALL_DEPTH) cursor.fail(`more than ${MAX_CALL_DEPTH} calls inside each other`);
  const name = parseFunctionName(context);
  cursor.expect('(');
  const args: [Expression, ...Expression[]] = [parseExpression(context, depth + 1)];
  while (args.length < FUNCTION_PARAMETERS[name].length) {
    cursor.expect(',');
    args.push(parseExpression(context, depth + 1));
  }
  cursor.expect(')');
  return { kind: 'call', name, args };
}

function parseFunctionName({ cursor, language }: RuleContext) {
  const { text } = cursor.current;
  if (!language.features.has('functions')) {
    const since = versionWith(({ features }) => features.has('functions'));
    cursor.atKind('identifier', 'ID');
    return cursor.mismatch(` (functions need version ${since})`);
  }
  if (!isFunctionName(text)) {
    for (const name of FUNCTION_NAMES) cursor.at(name);
    return cursor.mismatch();
  }
  cursor.take();
  return text;
}

function parseInteger(cursor: TokenCursor): number | bigint {
  const token = cursor.current;
  const exact =
    token.text.length <= MAX_INTEGER_CHARACTERS ? BigInt(token.text) : LARGEST_INTEGER + 1n;
  if (exact > LARGEST_INTEGER || exact < SMALLEST_INTEGER)
    cursor.fail('the integer does not fit 64 bits', token);
  cursor.take();
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

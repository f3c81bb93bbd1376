import { MAX_QUERY_CHARACTERS, MAX_QUERY_HEIGHT } from '../limits';
import { tokenizeQuery, type QueryToken, type QueryTokenKind } from './lexer';
import { CURRENT, chain, node } from './node-builder';
import { COMPARATORS, type Comparator, type QueryArgument, type QueryNode } from './query';
import { querySyntaxError } from './query-error';

/** How tightly a token binds what stands before it; others end an expression. */
const BINDING: Partial<Record<QueryTokenKind, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  ...Object.fromEntries(COMPARATORS.map((comparator) => [comparator, 5])),
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 45,
  '{': 50,
  '[': 55,
  '(': 60,
};

const COMPARISON = 5;
const FLATTEN = 9;
/** What binds less tightly ends a projection. */
const PROJECTION_END = 10;
const PROJECTION = 20;
const FILTER = 21;
const DOT = 40;
/** As in every implementation, and so more tightly than a dot: `!a.b` is `(!a).b`. */
const NOT = 45;

/**
 * Reads a JMESPath expression (jmespath.org, Specification).
 *
 * @throws PolicyEvaluationError POLICY_QUERY_SYNTAX
 */
export function parseQuery(text: string): QueryNode {
  if (text.length > MAX_QUERY_CHARACTERS) throw querySyntaxError('it is too long', 0);
  return new QueryParser(tokenizeQuery(text)).parse();
}

class QueryParser {
  readonly #tokens: readonly QueryToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly QueryToken[]) {
    this.#tokens = tokens;
  }

  parse(): QueryNode {
    const query = this.#expression(0);
    if (this.#kind() !== 'end') this.#unexpected();
    return query;
  }

  /** Operators that bind more tightly than `binding` belong to this expression. */
  #expression(binding: number): QueryNode {
    this.#depth += 1;
    if (this.#depth > MAX_QUERY_HEIGHT) throw querySyntaxError('it is nested too deeply', 0);
    let left = this.#prefix();
    while (binding < (BINDING[this.#kind()] ?? 0)) left = this.#infix(left);
    this.#depth -= 1;
    return left;
  }

  #prefix(): QueryNode {
    switch (this.#kind()) {
      case 'identifier':
      case 'quoted':
        return this.#fieldOrCall();
      case 'literal':
        return node('literal', { value: this.#take().value });
      case '@':
        this.#take();
        return CURRENT;
      case '(':
        return this.#parenthesised();
      case '!':
        return this.#not();
      case '*':
        this.#take();
        return this.#members(CURRENT);
      case '[':
        return this.#selectsFromArray() ? this.#bracket(CURRENT) : this.#list();
      case '{':
        return this.#hash();
      case '[]':
      case '[?':
        return this.#infix(CURRENT);
      default:
        return this.#unexpected();
    }
  }

  #infix(left: QueryNode): QueryNode {
    const kind = this.#kind();
    if (isComparator(kind)) return this.#comparison(left, kind);
    switch (kind) {
      case '.':
        return this.#dot(left);
      case '|':
        return chain(left, this.#operand(1));
      case '||':
        return this.#binary('or', left, 2);
      case '&&':
        return this.#binary('and', left, 3);
      case '[':
        return this.#bracket(left);
      case '[]':
        return this.#flatten(left);
      case '[?':
        return this.#filter(left);
      default:
        return this.#unexpected();
    }
  }

  #fieldOrCall(): QueryNode {
    const token = this.#take();
    if (this.#kind() !== '(') return node('field', { name: token.name });
    if (token.kind === 'quoted') this.#unexpected('a function name is not quoted');
    const args = this.#separated(')', () => this.#argument());
    return node(
      'call',
      { name: token.name, args },
      args.map((argument) => argument.node),
    );
  }

  #argument(): QueryArgument {
    const reference = this.#kind() === '&';
    if (reference) this.#take();
    return { node: this.#expression(0), reference };
  }

  #parenthesised(): QueryNode {
    const inner = this.#operand(0);
    this.#expect(')');
    return inner;
  }

  #not(): QueryNode {
    const operand = this.#operand(NOT);
    return node('not', { operand }, [operand]);
  }

  #binary(kind: 'or' | 'and', left: QueryNode, binding: number): QueryNode {
    const right = this.#operand(binding);
    return node(kind, { left, right }, [left, right]);
  }

  #comparison(left: QueryNode, comparator: Comparator): QueryNode {
    const right = this.#operand(COMPARISON);
    return node('comparison', { comparator, left, right }, [left, right]);
  }

  #dot(left: QueryNode): QueryNode {
    this.#take();
    if (this.#kind() === '*') {
      this.#take();
      return this.#members(left);
    }
    return chain(left, this.#afterDot(DOT));
  }

  #afterDot(binding: number): QueryNode {
    if (this.#at(0, 'identifier', 'quoted', '*')) return this.#expression(binding);
    if (this.#kind() === '[') return this.#list();
    return this.#kind() === '{' ? this.#hash() : this.#unexpected();
  }

  /** At a bracket that begins an expression: an index, slice or wildcard, and no list of expressions. */
  #selectsFromArray(): boolean {
    return this.#at(1, 'number', ':') || (this.#at(1, '*') && this.#at(2, ']'));
  }

  /** `[1]`, `[1:2:3]` or `[*]`. */
  #bracket(left: QueryNode): QueryNode {
    this.#take();
    if (this.#kind() === '*') {
      this.#take();
      this.#expect(']');
      return this.#project('elements', left, this.#projected(PROJECTION));
    }
    const parts = this.#numbers();
    const [index] = parts;
    if (parts.length === 1 && index !== undefined) return chain(left, node('index', { index }));
    const slice = chain(left, node('slice', { parts }));
    return this.#project('elements', slice, this.#projected(PROJECTION));
  }

  /** One number, or up to three with colons between, each of which may be left out. */
  #numbers(): readonly (number | undefined)[] {
    const parts: (number | undefined)[] = [undefined];
    while (this.#kind() !== ']') {
      if (this.#kind() === ':' && parts.length < 3) {
        this.#take();
        parts.push(undefined);
      } else if (this.#kind() === 'number' && parts.at(-1) === undefined) {
        parts[parts.length - 1] = Number(this.#take().value);
      } else this.#unexpected();
    }
    this.#take();
    return parts;
  }

  #flatten(left: QueryNode): QueryNode {
    this.#take();
    const flat = node('flatten', { left }, [left]);
    return this.#project('elements', flat, this.#projected(FLATTEN));
  }

  #filter(left: QueryNode): QueryNode {
    this.#take();
    const keep = this.#expression(0);
    this.#expect(']');
    const right = this.#kind() === '[]' ? CURRENT : this.#projected(FILTER);
    return node('filter', { left, right, keep }, [left, right, keep]);
  }

  #members(left: QueryNode): QueryNode {
    return this.#project('members', left, this.#projected(PROJECTION));
  }

  #project(kind: 'elements' | 'members', left: QueryNode, right: QueryNode): QueryNode {
    return node(kind, { left, right }, [left, right]);
  }

  /** What is applied to each element of a projection. */
  #projected(binding: number): QueryNode {
    if ((BINDING[this.#kind()] ?? 0) < PROJECTION_END) return CURRENT;
    if (this.#at(0, '[', '[?')) return this.#expression(binding);
    this.#expect('.');
    return this.#afterDot(binding);
  }

  #list(): QueryNode {
    const items = this.#separated(']', () => this.#expression(0), 1);
    return node('list', { items }, items);
  }

  #hash(): QueryNode {
    const members = this.#separated('}', () => this.#member(), 1);
    return node(
      'hash',
      { members },
      members.map(([, value]) => value),
    );
  }

  #member(): readonly [string, QueryNode] {
    if (!this.#at(0, 'identifier', 'quoted')) this.#unexpected();
    const { name } = this.#take();
    this.#expect(':');
    return [name, this.#expression(0)];
  }

  /** The opening mark, items with commas between, and the closing mark. */
  #separated<Item>(close: QueryTokenKind, read: () => Item, least = 0): Item[] {
    this.#take();
    const items: Item[] = [];
    if (least === 0 && this.#kind() === close) {
      this.#take();
      return items;
    }
    items.push(read());
    while (this.#kind() === ',') {
      this.#take();
      items.push(read());
    }
    this.#expect(close);
    return items;
  }

  /** The expression behind the operator that stands here. */
  #operand(binding: number): QueryNode {
    this.#take();
    return this.#expression(binding);
  }

  #kind(ahead = 0): QueryTokenKind {
    return this.#tokens[this.#next + ahead]?.kind ?? 'end';
  }

  #at(ahead: number, ...kinds: readonly QueryTokenKind[]): boolean {
    return kinds.includes(this.#kind(ahead));
  }

  #take(): QueryToken {
    const token = this.#tokens[this.#next];
    if (!token) return this.#unexpected();
    this.#next += 1;
    return token;
  }

  #expect(kind: QueryTokenKind): void {
    if (this.#kind() !== kind) this.#unexpected(`'${kind}' is expected`);
    this.#take();
  }

  #unexpected(why?: string): never {
    const token = this.#tokens[this.#next];
    const what = why ?? (this.#kind() === 'end' ? 'it ends too early' : `'${this.#kind()}'`);
    throw querySyntaxError(what, token?.offset ?? 0);
  }
}

const isComparator = (kind: QueryTokenKind): kind is Comparator =>
  (COMPARATORS as readonly string[]).includes(kind);

import type { JsonValue } from '@touchstone/claims';

/** Relations of JMESPath; all but the first two compare numbers only. */
export const COMPARATORS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

interface NodeKinds {
  readonly current: object;
  readonly literal: { readonly value: JsonValue };
  readonly field: { readonly name: string };
  readonly index: { readonly index: number };
  readonly slice: { readonly parts: readonly (number | undefined)[] };
  /** Right on the result of left: `a.b`, `a[0]`, `a | b`. */
  readonly chain: { readonly left: QueryNode; readonly right: QueryNode };
  readonly or: { readonly left: QueryNode; readonly right: QueryNode };
  readonly and: { readonly left: QueryNode; readonly right: QueryNode };
  readonly not: { readonly operand: QueryNode };
  readonly comparison: {
    readonly comparator: Comparator;
    readonly left: QueryNode;
    readonly right: QueryNode;
  };
  /** Elements of an array, each through `right`; null results are dropped. */
  readonly elements: { readonly left: QueryNode; readonly right: QueryNode };
  /** The same over the members of an object. */
  readonly members: { readonly left: QueryNode; readonly right: QueryNode };
  /** The same over those elements for which `keep` is true-like. */
  readonly filter: {
    readonly left: QueryNode;
    readonly right: QueryNode;
    readonly keep: QueryNode;
  };
  /** One level of nested arrays merged into their parent. */
  readonly flatten: { readonly left: QueryNode };
  readonly list: { readonly items: readonly QueryNode[] };
  readonly hash: { readonly members: readonly (readonly [string, QueryNode])[] };
  readonly call: { readonly name: string; readonly args: readonly QueryArgument[] };
}

/** A parsed expression. `height` is that of its tree: what evaluation has to recurse into. */
export type QueryNode = {
  [Kind in keyof NodeKinds]: { readonly kind: Kind; readonly height: number } & NodeKinds[Kind];
}[keyof NodeKinds];

export type NodeOf<Kind extends QueryNode['kind']> = Extract<QueryNode, { readonly kind: Kind }>;

export interface QueryArgument {
  readonly node: QueryNode;
  /** `&expression`: handed over unevaluated. */
  readonly reference: boolean;
}

import type { PlainValue } from './claim';
import type { FunctionName } from './function-names';

export interface Position {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

export const PROPERTY_NAMES = ['type', 'value', 'valueType', 'issuer'] as const;
export type PropertyName = (typeof PROPERTY_NAMES)[number];

export const RELATIONAL_OPERATORS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type RelationalOperator = (typeof RELATIONAL_OPERATORS)[number];

export type Expression =
  | { readonly kind: 'literal'; readonly value: PlainValue }
  /** A property of every claim that an earlier condition bound. */
  | { readonly kind: 'reference'; readonly name: string; readonly property: PropertyName }
  | FunctionCall;

export interface FunctionCall {
  readonly kind: 'call';
  readonly name: FunctionName;
  /** As many as the function takes. */
  readonly args: readonly [Expression, ...Expression[]];
}

export interface PropertyTest {
  readonly property: PropertyName;
  readonly operator: RelationalOperator;
  readonly operand: Expression;
  /** As written. */
  readonly source: string;
}

export interface Condition {
  /** `![ … ]`: holds when no claim satisfies the tests. Binds nothing. */
  readonly negated?: true;
  readonly binds?: string;
  readonly tests: readonly PropertyTest[];
  readonly source: string;
}

/** What `add`, `issue` and `issueproperty` make. */
export type ClaimTemplate =
  | { readonly kind: 'copy'; readonly name: string }
  | {
      readonly kind: 'make';
      readonly type: Expression;
      readonly value: Expression;
      readonly valueType?: Expression;
      readonly issuer?: Expression;
    };

export type Action =
  | { readonly kind: 'permit' }
  | { readonly kind: 'deny' }
  | { readonly kind: 'add' | 'issue' | 'issueproperty'; readonly template: ClaimTemplate };

/** Comments that belong to a part of a policy, each from its slashes to the end of its line. */
export interface Comments {
  /** On lines of their own before it, or somewhere inside it. */
  readonly above: readonly string[];
  /** Behind it, on its last line. */
  readonly beside?: string;
}

export interface Rule {
  readonly conditions: readonly Condition[];
  readonly action: Action;
  readonly position: Position;
  readonly source: string;
  readonly comments: Comments;
}

export const SECTION_NAMES = ['configurationrules', 'authorizationrules', 'issuancerules'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** How a section stands in the text, beside its rules. */
export interface SectionLayout {
  readonly comments: Comments;
  /** Comments after the last rule. */
  readonly end: readonly string[];
}

/** A policy text that was understood; says nothing of what it permits. */
export interface Policy {
  readonly text: string;
  /** Such as `1.0`. */
  readonly version: string;
  /** A section that was left out has no rules. */
  readonly sections: Readonly<Record<SectionName, readonly Rule[]>>;
  /** Sections that the text has, be they empty. */
  readonly layout: Readonly<Partial<Record<SectionName, SectionLayout>>>;
  /** Of the version line. */
  readonly comments: Comments;
  /** Comments after the last section. */
  readonly end: readonly string[];
}

import type { ClaimValue } from './claim';

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
  | { readonly kind: 'literal'; readonly value: ClaimValue }
  /** A property of every claim that an earlier condition bound. */
  | { readonly kind: 'reference'; readonly name: string; readonly property: PropertyName };

export interface PropertyTest {
  readonly property: PropertyName;
  readonly operator: RelationalOperator;
  readonly operand: Expression;
  /** As written. */
  readonly source: string;
}

export interface Condition {
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

export interface Rule {
  readonly conditions: readonly Condition[];
  readonly action: Action;
  readonly position: Position;
  readonly source: string;
}

export const SECTION_NAMES = ['configurationrules', 'authorizationrules', 'issuancerules'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** A policy text that was understood; says nothing of what it permits. */
export interface Policy {
  readonly text: string;
  /** Such as `1.0`. */
  readonly version: string;
  /** A section that was left out has no rules. */
  readonly sections: Readonly<Record<SectionName, readonly Rule[]>>;
}

/** Every operator of grammar 1.0.0. */
export const OPERATORS = [
  'equals',
  'notEquals',
  'less',
  'lessOrEquals',
  'greater',
  'greaterOrEquals',
  'exists',
] as const;

export type Operator = (typeof OPERATORS)[number];
export type Scalar = string | number | boolean;

/** One question to the token: a claim, how to compare it, and with what. */
export interface ClaimCondition {
  readonly claim: string;
  readonly operator: Operator;
  readonly value: Scalar;
}

/** All of these, or any of these. Never empty: an empty `allOf` would be met by everyone. */
export interface ConditionGroup {
  readonly match: 'allOf' | 'anyOf';
  readonly conditions: readonly Condition[];
}

export type Condition = ClaimCondition | ConditionGroup;

/** What tokens of one attestation service must say. */
export interface AuthorityEntry {
  /** https URL of the service, as the policy writes it. */
  readonly authority: string;
  readonly group: ConditionGroup;
}

export interface ReleasePolicy {
  readonly version: string;
  readonly anyOf: readonly AuthorityEntry[];
}

export const isGroup = (condition: Condition): condition is ConditionGroup => 'match' in condition;

/**
 * The text that is stored and given back: members in the order `version`, `anyOf`; `authority`, `allOf`;
 * `claim`, operator; no white space.
 */
export function canonicalReleasePolicy({ version, anyOf }: ReleasePolicy): string {
  const entries = anyOf.map(({ authority, group }) => ({ authority, ...plainGroup(group) }));
  return JSON.stringify({ version, anyOf: entries });
}

const plainGroup = ({ match, conditions }: ConditionGroup): object => ({
  [match]: conditions.map((condition) =>
    isGroup(condition)
      ? plainGroup(condition)
      : { claim: condition.claim, [condition.operator]: condition.value },
  ),
});

/** The entries whose authority issued the token: `iss` equals it, one trailing slash on either side ignored. */
export function authoritiesFor(policy: ReleasePolicy, issuer: string): readonly AuthorityEntry[] {
  const wanted = withoutSlash(issuer);
  return policy.anyOf.filter(({ authority }) => withoutSlash(authority) === wanted);
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);

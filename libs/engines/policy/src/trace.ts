import type { Action, SectionName } from './ast';
import type { Claim } from './claim';

/** How a condition fared. */
export interface ConditionTrace {
  /** As written in the policy. */
  readonly source: string;
  readonly held: boolean;
  /** Holds when nothing matches. */
  readonly negated?: true;
  readonly binds?: string;
  /** Claims that satisfied every test, and the first few of them. */
  readonly matched: number;
  readonly claims: readonly Claim[];
  /** Where nothing matched and something should have: the claim that came closest, and the first test it failed. */
  readonly nearest?: { readonly claim: Claim; readonly failed: string };
}

/** What became of one rule. Conditions after the first that does not hold were not looked at and are absent. */
export interface RuleTrace {
  readonly section: SectionName;
  /** Counts from 1 within its section. */
  readonly index: number;
  readonly line: number;
  readonly source: string;
  readonly fired: boolean;
  readonly action: Action['kind'];
  readonly conditions: readonly ConditionTrace[];
  /** Claims or properties that the rule made. */
  readonly made: readonly Claim[];
}

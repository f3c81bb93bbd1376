import type { Action, SectionName } from './ast';
import type { Claim } from './claim';

/** How a condition fared. */
export interface ConditionTrace {
  /** As written in the policy. */
  readonly source: string;
  /** Claims that satisfied every test. */
  readonly matched: number;
  /** Where nothing matched: the claim that came closest, and the first test it failed. */
  readonly nearest?: { readonly claim: Claim; readonly failed: string };
}

/** What became of one rule. Conditions after the first unmatched one were not looked at and are absent. */
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

import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '@touchstone/claims';
import type { Claim, Policy } from '@touchstone/policy';
import { evaluate, type Evaluation } from './evaluation';
import { outcome } from './evaluation-json';

/** Claims of one file, under two policies. */
export interface Comparison {
  readonly claims: string;
  readonly before: Evaluation;
  readonly after: Evaluation;
  readonly verdictChanged: boolean;
  /** The verdict is the same, but not what is issued or set. */
  readonly outcomeChanged: boolean;
}

export function comparePolicies(
  before: Policy,
  after: Policy,
  files: readonly { readonly name: string; readonly claims: readonly Claim[] }[],
): readonly Comparison[] {
  return files.map(({ name, claims }) => {
    const [a, b] = [evaluate(before, claims), evaluate(after, claims)];
    const verdictChanged = a.verdict !== b.verdict;
    const same = isDeepStrictEqual(
      [a.outgoing, a.properties, a.error?.code],
      [b.outgoing, b.properties, b.error?.code],
    );
    return {
      claims: name,
      before: a,
      after: b,
      verdictChanged,
      outcomeChanged: !verdictChanged && !same,
    };
  });
}

export function renderComparisons(comparisons: readonly Comparison[]): string {
  const changed = comparisons.filter(({ verdictChanged }) => verdictChanged);
  const lines = comparisons.map(({ claims, before, after, verdictChanged, outcomeChanged }) => {
    if (verdictChanged) return `✗ ${claims}: ${verdictText(before)} → ${verdictText(after)}`;
    if (!outcomeChanged) return `✓ ${claims}: ${verdictText(before)}`;
    return `· ${claims}: ${verdictText(before)}, but ${changeText(before)} → ${changeText(after)}`;
  });
  const summary = `${changed.length} of ${comparisons.length} verdicts change`;
  return `${[...lines, summary].join('\n')}\n`;
}

export const comparisonsJson = (comparisons: readonly Comparison[]): string =>
  canonicalJson({
    changed: comparisons.filter(({ verdictChanged }) => verdictChanged).length,
    cases: comparisons.map(({ before, after, ...comparison }) => ({
      ...comparison,
      before: outcome(before),
      after: outcome(after),
    })),
  });

const verdictText = ({ verdict, error }: Evaluation): string =>
  error ? `${verdict} ${error.code}` : verdict;

const changeText = ({ outgoing, properties }: Evaluation): string =>
  canonicalJson({ ...outgoing, ...properties });

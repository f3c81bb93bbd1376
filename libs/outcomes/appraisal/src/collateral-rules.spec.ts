import { CheckLog } from '@touchstone/decision';
import type { OfferedEvaluations } from '@touchstone/verification';
import { AT, aVerifiedQuote } from './__fixtures__/verified';
import { AppraisalError } from './appraisal-error';
import { assertCollateralRules, type CollateralRules } from './collateral-rules';

const DAY = 24 * 3600 * 1000;

function outcome(
  rules: CollateralRules,
  collateral: { readonly evaluationDataNumber?: number; readonly oldestDocument?: Date } = {},
  offered?: OfferedEvaluations,
) {
  const log = new CheckLog();
  try {
    assertCollateralRules(aVerifiedQuote({}, { collateral }), rules, offered, log);
    return { checks: log.checks };
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    return { code: error.code, field: error.field, checks: error.checks };
  }
}

describe('the rules for collateral', () => {
  it('ask nothing when none is set', () => {
    expect(outcome({})).toEqual({ checks: [] });
  });

  it.each<[CollateralRules['minimumEvaluation'], number, OfferedEvaluations | undefined, boolean]>([
    [17, 16, undefined, false],
    [17, 17, undefined, true],
    [17, 18, undefined, true],
    ['standard', 17, { standard: 17, early: 19 }, true],
    ['standard', 16, { standard: 17, early: 19 }, false],
    ['early', 17, { standard: 17, early: 19 }, false],
    ['early', 19, { standard: 17, early: 19 }, true],
    ['early', 99, { standard: 17 }, false],
    ['standard', 99, undefined, false],
  ])('at least %s: number %d where %j is offered', (pin, number, offered, met) => {
    const rules = { ...(pin !== undefined && { minimumEvaluation: pin }) };
    const { code, field, checks } = outcome(rules, { evaluationDataNumber: number }, offered);
    expect(code).toBe(met ? undefined : 'APPRAISAL_BASELINE');
    expect(field).toBe(met ? undefined : 'tcbEvaluationDataNumber');
    expect(checks.at(-1)).toMatchObject({
      name: 'collateral-evaluation',
      result: met ? 'passed' : 'failed',
      read: `${number}`,
    });
  });

  it.each([
    ['younger', DAY, true],
    ['just as old', 2 * DAY, true],
    ['a millisecond older', 2 * DAY + 1, false],
  ])('documents that are %s than the limit', (_name, age, met) => {
    const oldestDocument = new Date(AT.getTime() - age);
    const { code, field, checks } = outcome({ maximumAgeMs: 2 * DAY }, { oldestDocument });
    expect(code).toBe(met ? undefined : 'APPRAISAL_COLLATERAL_EXPIRED');
    expect(field).toBe(met ? undefined : 'issueDate');
    expect(checks.at(-1)).toMatchObject({
      name: 'collateral-age',
      result: met ? 'passed' : 'failed',
    });
  });

  it('looks at the evaluation before the age', () => {
    const both = { minimumEvaluation: 18, maximumAgeMs: 0 };
    const oldestDocument = new Date(AT.getTime() - DAY);
    expect(outcome(both, { oldestDocument }).code).toBe('APPRAISAL_BASELINE');
  });
});

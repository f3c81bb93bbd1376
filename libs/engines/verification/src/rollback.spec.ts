import { isRollback } from './index';

const issue = (tcbEvaluationDataNumber: number, day: number) => ({
  tcbEvaluationDataNumber,
  issueDate: new Date(Date.UTC(2026, 2, day)),
});

describe('isRollback', () => {
  it.each([
    ['a later issue', issue(17, 1), issue(17, 2), false],
    ['the same issue again', issue(17, 1), issue(17, 1), false],
    ['an earlier issue', issue(17, 2), issue(17, 1), true],
    ['a higher number', issue(17, 2), issue(18, 2), false],
    ['a higher number issued earlier', issue(17, 2), issue(18, 1), false],
    ['a lower number issued later', issue(18, 1), issue(17, 2), true],
  ])('%s', (_name, previous, next, rollback) => {
    expect(isRollback(previous, next)).toBe(rollback);
  });
});

import type { EvaluationPin, OfferedEvaluations } from './index';
import { pinnedEvaluation } from './index';

describe('pinnedEvaluation', () => {
  const offered = { standard: 17, early: 19 };

  it.each<[EvaluationPin, OfferedEvaluations | undefined, number | undefined]>([
    [18, offered, 18],
    [18, undefined, 18],
    [0, undefined, 0],
    ['standard', offered, 17],
    ['early', offered, 19],
    ['early', { standard: 17 }, undefined],
    ['standard', undefined, undefined],
  ])('of %s where %j is offered is %s', (pin, offers, expected) => {
    expect(pinnedEvaluation(pin, offers)).toBe(expected);
  });
});

import { MAX_EVALUATION_STEPS } from './limits';
import { PolicyEvaluationError } from './policy-error';

/** Bounds the work of one evaluation, whatever the policy and the claims. */
export class StepCounter {
  #left: number;

  constructor(limit = MAX_EVALUATION_STEPS) {
    this.#left = limit;
  }

  count(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new PolicyEvaluationError('POLICY_STEP_LIMIT', 'the policy takes too many steps');
    }
  }
}

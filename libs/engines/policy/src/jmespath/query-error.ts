import { PolicyEvaluationError } from '../policy-error';

/** The text is no JMESPath expression; `offset` counts characters from 0. */
export function querySyntaxError(why: string, offset: number): PolicyEvaluationError {
  return new PolicyEvaluationError(
    'POLICY_QUERY_SYNTAX',
    `the JMESPath query is not well formed at character ${offset + 1}: ${why}`,
    { field: 'JmesPath' },
  );
}

/** The expression has no value for this document. */
export function queryError(why: string): PolicyEvaluationError {
  return new PolicyEvaluationError('POLICY_QUERY_FAILED', `the JMESPath query failed: ${why}`, {
    field: 'JmesPath',
  });
}

export type {
  Action,
  ClaimTemplate,
  Condition,
  Expression,
  Policy,
  Position,
  PropertyName,
  PropertyTest,
  RelationalOperator,
  Rule,
  SectionName,
} from './ast';
export { ClaimIssuer, claimsByType, serviceClaim, valueTypeOf } from './claim';
export type { Claim, ClaimValue, ValueType } from './claim';
export { DEFAULT_SGX_POLICY, DEFAULT_SGX_POLICY_2020 } from './default-policies';
export { evaluateConfiguration, evaluatePolicy } from './evaluate';
export type { PolicyOutcome, PolicyProperties, PolicyVerdict } from './evaluate';
export { LANGUAGE_VERSIONS } from './language-version';
export {
  MAX_CLAIMS,
  MAX_EVALUATION_STEPS,
  MAX_POLICY_BYTES,
  MAX_POLICY_RULES,
  MAX_RULE_CONDITIONS,
} from './limits';
export { parsePolicy } from './parser';
export { PolicyEvaluationError, PolicySyntaxError } from './policy-error';
export type { PolicyEvaluationErrorCode, SyntaxFault } from './policy-error';
export type { ConditionTrace, RuleTrace } from './trace';

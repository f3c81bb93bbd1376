export type {
  Action,
  ClaimTemplate,
  Comments,
  Condition,
  Expression,
  FunctionCall,
  Policy,
  Position,
  PropertyName,
  PropertyTest,
  RelationalOperator,
  Rule,
  SectionLayout,
  SectionName,
} from './ast';
export { ClaimIssuer, claimOf, claimsByType, serviceClaim, valueTypeOf } from './claim';
export type { Claim, ClaimValue, PlainValue, ValueType } from './claim';
export { DEFAULT_SGX_POLICY, DEFAULT_SGX_POLICY_2020 } from './default-policies';
export { evaluateConfiguration, evaluatePolicy } from './evaluate';
export type { PolicyOutcome, PolicyProperties, PolicyVerdict } from './evaluate';
export { MAX_LINE_CHARACTERS, formatPolicy } from './format-policy';
export type { PolicyTree, RuleTree } from './format-policy';
export { FUNCTION_NAMES } from './function-names';
export type { FunctionName } from './function-names';
export { QUERY_FUNCTIONS, parseQuery } from './jmespath';
export type { QueryNode } from './jmespath';
export { JsonDocument } from './json-document';
export { LANGUAGE_VERSIONS } from './language-version';
export {
  CHARACTERS_PER_STEP,
  MAX_CALL_DEPTH,
  MAX_CLAIMS,
  MAX_EVALUATION_STEPS,
  MAX_POLICY_BYTES,
  MAX_POLICY_RULES,
  MAX_QUERY_CHARACTERS,
  MAX_QUERY_HEIGHT,
  MAX_RULE_CONDITIONS,
  MAX_TRACED_CLAIMS,
} from './limits';
export { parsePolicy } from './parser';
export { PolicyEvaluationError, PolicySyntaxError } from './policy-error';
export type { PolicyEvaluationErrorCode, SyntaxFault } from './policy-error';
export type { ConditionTrace, RuleTrace } from './trace';

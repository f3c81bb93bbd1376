export { CheckLog } from './check-log';
export type { Check, CheckDetails, CheckResult } from './check';
export {
  MAX_DECISION_RECORD_CHARACTERS,
  decodeDecisionRecord,
  encodeDecisionRecord,
} from './decision-record';
export { DecisionRecordError } from './decision-record';
export type { DecisionOutcome, DecisionRecord } from './decision-record';

import { CodedError } from '@touchstone/errors';
import type { RuleTrace } from './trace';

export interface SyntaxFault {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** The text of the token at fault; `<EOF>` at the end. */
  readonly offendingSymbol: string;
  /** Names of the grammar rules that were being read, outermost first, joined by ` > `. */
  readonly failingRule: string;
  /** What was wrong, in the words of a parser: `mismatched input 'x' expecting ';'`. */
  readonly failureMessage: string;
  /** What could have stood there, as the grammar writes it: `';'`, `ID`; empty when it is not a matter of grammar. */
  readonly expected: readonly string[];
}

/** The text is no policy. */
export class PolicySyntaxError extends CodedError<'POLICY_SYNTAX'> implements SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly offendingSymbol: string;
  readonly failingRule: string;
  readonly failureMessage: string;
  readonly expected: readonly string[];

  constructor(fault: SyntaxFault) {
    super('POLICY_SYNTAX', publishedText(fault), { field: 'policy' });
    this.line = fault.line;
    this.column = fault.column;
    this.offendingSymbol = fault.offendingSymbol;
    this.failingRule = fault.failingRule;
    this.failureMessage = fault.failureMessage;
    this.expected = fault.expected;
  }
}

/** The form in which Azure Attestation reports it. */
function publishedText(fault: SyntaxFault): string {
  const { offendingSymbol, line, column, failureMessage, failingRule } = fault;
  return (
    `Offending symbol: '${offendingSymbol}' Line: '${line}', Column: '${column}' ` +
    `Failure message: '${failureMessage}' Failing rule: '${failingRule}'`
  );
}

export type PolicyEvaluationErrorCode =
  | 'POLICY_TYPE_MISMATCH'
  | 'POLICY_READ_ONLY'
  | 'POLICY_JSON'
  | 'POLICY_QUERY_SYNTAX'
  | 'POLICY_QUERY_FAILED'
  | 'POLICY_STEP_LIMIT'
  | 'POLICY_CLAIM_LIMIT';

/** A well-formed policy that cannot be carried out on these claims: no verdict, which is a refusal. */
export class PolicyEvaluationError extends CodedError<PolicyEvaluationErrorCode> {
  /** The rules that ran before, and last the one that failed. */
  trace: readonly RuleTrace[] = [];
}

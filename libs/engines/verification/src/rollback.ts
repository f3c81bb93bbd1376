/** What tells two issues of one document apart: TCB info of one FMSPC, or one enclave's identity. */
export interface DocumentIssue {
  readonly tcbEvaluationDataNumber: number;
  readonly issueDate: Date;
}

/**
 * Whether `next` would take back what `previous` said: a lower evaluation number, or the same number issued earlier.
 * A cache that was replayed, or a stale upstream, looks like this; both documents must have been verified before.
 */
export function isRollback(previous: DocumentIssue, next: DocumentIssue): boolean {
  if (next.tcbEvaluationDataNumber !== previous.tcbEvaluationDataNumber) {
    return next.tcbEvaluationDataNumber < previous.tcbEvaluationDataNumber;
  }
  return next.issueDate.getTime() < previous.issueDate.getTime();
}

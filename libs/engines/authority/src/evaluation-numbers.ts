import { fromUtf8 } from '@touchstone/bytes';
import type { SigningContext } from './signed-document';
import { followed, type TcbRecovery } from './recovery';
import { days, DOCUMENT_DAYS, documentDate } from './window';

const instant = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z');

/** The signed list of TCB evaluation data numbers that are served at `at`, newest first: the whole body. */
export function evaluationDataNumbers(
  context: SigningContext,
  id: 'SGX' | 'TDX',
  recoveries: readonly TcbRecovery[],
): Uint8Array {
  const { foundedAt, state, at, signers } = context;
  const { from, to } = days(documentDate(foundedAt, state, at), DOCUMENT_DAYS);
  const inner = JSON.stringify({
    id,
    version: 1,
    issueDate: instant(from),
    nextUpdate: instant(to),
    tcbEvalNumbers: followed(recoveries, 'early', at)
      .toReversed()
      .map(({ evaluationDataNumber, recoveryEventDate, tcbDate }) => ({
        tcbEvaluationDataNumber: evaluationDataNumber,
        tcbRecoveryEventDate: instant(recoveryEventDate),
        tcbDate: instant(tcbDate),
      })),
  });
  const signature = Buffer.from(signers.tcbSigning.signRaw(fromUtf8(inner))).toString('hex');
  return fromUtf8(`{"tcbEvaluationDataNumbers":${inner},"signature":"${signature}"}`);
}

import { equal } from '@touchstone/bytes';
import type { SgxReportBody } from '@touchstone/quote';
import { isDebug } from '@touchstone/quote';
import { EvidenceError } from './evidence-error';
import type { EvidenceErrorCode } from './evidence-error';

/** What a relying party demands of an enclave. What is left out is not looked at; debug is refused unless it is allowed. */
export interface ExpectedIdentity {
  /** 32 bytes. */
  readonly mrEnclave?: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner?: Uint8Array;
  readonly isvProdId?: number;
  readonly minimumIsvSvn?: number;
  readonly allowDebug?: boolean;
  /** 64 bytes. */
  readonly configId?: Uint8Array;
}

/** @throws EvidenceError EVIDENCE_DEBUG and its like, the first that applies */
export function requireIdentity(body: SgxReportBody, expected: ExpectedIdentity): void {
  const demand = (holds: boolean, code: EvidenceErrorCode, field: string): void => {
    if (!holds) {
      throw new EvidenceError(code, `${field} is not the one that is expected`, { field });
    }
  };
  const { mrEnclave, mrSigner, isvProdId, minimumIsvSvn, configId, allowDebug = false } = expected;
  const same = (wanted: Uint8Array | undefined, actual: Uint8Array): boolean =>
    wanted === undefined || equal(wanted, actual);
  demand(allowDebug || !isDebug(body.attributes), 'EVIDENCE_DEBUG', 'attributes');
  demand(same(mrEnclave, body.mrEnclave), 'EVIDENCE_MRENCLAVE_MISMATCH', 'mrEnclave');
  demand(same(mrSigner, body.mrSigner), 'EVIDENCE_MRSIGNER_MISMATCH', 'mrSigner');
  demand(
    isvProdId === undefined || isvProdId === body.isvProdId,
    'EVIDENCE_PRODUCT_ID_MISMATCH',
    'isvProdId',
  );
  demand(
    minimumIsvSvn === undefined || body.isvSvn >= minimumIsvSvn,
    'EVIDENCE_SVN_TOO_LOW',
    'isvSvn',
  );
  demand(same(configId, body.configId), 'EVIDENCE_CONFIG_ID_MISMATCH', 'configId');
}

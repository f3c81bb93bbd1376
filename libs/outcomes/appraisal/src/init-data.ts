import { equal, sha256, toHex } from '@touchstone/bytes';
import type { HeldData } from '@touchstone/claims';
import type { CheckLog } from '@touchstone/decision';
import type { SgxReportBody } from '@touchstone/quote';
import { AppraisalError } from './appraisal-error';
import { hasKss } from './sgx-claims';

const DIGEST_BYTES = 32;
const CHECK = 'init-time-data-binding';

/**
 * Data that the enclave was started with: its SHA-256 is the first half of CONFIGID, which only
 * enclaves with key separation and sharing have.
 *
 * @throws AppraisalError APPRAISAL_INIT_DATA_NOT_SUPPORTED or APPRAISAL_INIT_DATA_BINDING
 */
export function assertInitTimeBinding(
  body: SgxReportBody,
  initTimeData: HeldData,
  log: CheckLog,
): void {
  if (!hasKss(body)) {
    log.failed(CHECK, {
      read: 'no KSS',
      expected: 'KSS',
      code: 'APPRAISAL_INIT_DATA_NOT_SUPPORTED',
    });
    const message = 'the enclave has no configuration id';
    throw new AppraisalError(
      'APPRAISAL_INIT_DATA_NOT_SUPPORTED',
      message,
      log.checks,
      'initTimeData',
    );
  }
  const read = body.configId.subarray(0, DIGEST_BYTES);
  const expected = sha256(initTimeData.bytes);
  if (!equal(read, expected)) {
    log.failed(CHECK, {
      read: toHex(read),
      expected: toHex(expected),
      code: 'APPRAISAL_INIT_DATA_BINDING',
    });
    const message = 'the data does not hash to the configuration id';
    throw new AppraisalError('APPRAISAL_INIT_DATA_BINDING', message, log.checks, 'initTimeData');
  }
  log.passed(CHECK, { read: toHex(read) });
}

import { equal } from '@touchstone/bytes';
import { KeyName, attributes, encodeKeyRequest, type Report } from '@touchstone/quote';
import { aesCmac } from './aes-cmac';
import type { EnclaveInstructions } from './processor';

/**
 * Local attestation as code inside of the target does it: asks for its own report key with the report's KEYID and recomputes
 * the MAC in constant time. True only for a report made on this processor, since its power-up, for this very enclave.
 */
export function isReportForMe(
  instructions: Pick<EnclaveInstructions, 'egetkey'>,
  report: Pick<Report, 'bodyBytes' | 'keyId' | 'mac'>,
): boolean {
  const request = encodeKeyRequest({
    keyName: KeyName.REPORT,
    keyPolicy: 0,
    isvSvn: 0,
    cpuSvn: new Uint8Array(16),
    attributeMask: attributes(0n, 0n),
    keyId: report.keyId,
    miscMask: 0,
    configSvn: 0,
  });
  return equal(aesCmac(instructions.egetkey(request), report.bodyBytes), report.mac);
}

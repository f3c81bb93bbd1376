import { equal } from '@touchstone/bytes';
import { aesCmac } from '@touchstone/cmac';
import { attributes } from './attributes';
import { KeyName, encodeKeyRequest } from './key-request';
import type { Report } from './report';

/**
 * Local attestation as code inside of the target does it: asks for its own report key with the report's KEYID and recomputes
 * the MAC in constant time. True only for a report made on this processor, at its present CPUSVN and owner epoch, for this very enclave.
 * `egetkey` takes a KEYREQUEST (512 bytes) to a key (16 bytes).
 */
export function isReportForMe(
  { egetkey }: { egetkey(keyRequest: Uint8Array): Uint8Array },
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
  return equal(aesCmac(egetkey(request), report.bodyBytes), report.mac);
}

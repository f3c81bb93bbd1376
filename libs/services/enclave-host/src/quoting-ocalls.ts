import type { Machine, QuoteCertification } from '@touchstone/enclave';
import { REPORT_SIZE } from '@touchstone/quote';
import { EnclaveHostError } from './enclave-host-error';
import type { PckCertificates } from './pck-certificates';
import type { Ocalls } from './ports';

/** Certification data type: the PCK certificate and the CAs above it. */
export const PCK_CHAIN = 5;

/**
 * What every enclave may ask of its host: whom to report to, and a quote over a report (432 bytes). A byte behind the report
 * names another certification data type than the PCK chain (5): 1, 2 or 3.
 */
export const quotingOcalls = (machine: Machine<unknown>, pck: PckCertificates): Ocalls => ({
  'qe-target-info': async () => machine.quoting.targetInfo(),
  quote: async (payload) => {
    const [report, type] = [payload.subarray(0, REPORT_SIZE), payload.subarray(REPORT_SIZE)];
    if (type.length > 1) throw unknownCertification();
    return machine.quoting.getQuote(report, await certificationOf(type[0] ?? PCK_CHAIN, pck)).quote;
  },
});

/** @throws EnclaveHostError HOST_REQUEST_INVALID, HOST_PCK_UNAVAILABLE */
export async function certificationOf(
  asked: number,
  pck: PckCertificates,
): Promise<QuoteCertification> {
  if (!isKnown(asked)) throw unknownCertification();
  return asked === PCK_CHAIN ? (await pck.current()).certification : { type: asked };
}
const isKnown = (type: number): type is QuoteCertification['type'] =>
  type === 1 || type === 2 || type === 3 || type === 5;

const unknownCertification = (): EnclaveHostError =>
  new EnclaveHostError('HOST_REQUEST_INVALID', 'no quote is certified in that way', {
    field: 'certificationType',
  });

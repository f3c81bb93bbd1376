import { toHex } from '@touchstone/bytes';
import type { Certification } from './architectural/certifier';
import type {
  PcInfo,
  PlatformSvn,
  ProvisioningCertificationEnclave,
} from './architectural/provisioning-certification-enclave';
import type { QuoteAnswer, QuoteRequest, QuotingEnclave } from './architectural/quoting-enclave';

/** What a host sends to its PCK caching service to get the PCK certificate of this platform. */
export interface PckRequest {
  /** 16 bytes. */
  readonly qeId: Uint8Array;
  /** 384 bytes; another ciphertext with every request. */
  readonly encryptedPpid: Uint8Array;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
}

/** How a quote shall be certified. */
export type QuoteCertification =
  | {
      readonly type: 5;
      /** PEM: leaf, intermediate, root. */
      readonly pckChain: string;
      /** The TCB that the PCK certificate is for (TCBm); may be lower than the platform's. */
      readonly svn: PlatformSvn;
    }
  | { readonly type: 1 | 2 | 3 };

/** Host-side go-between of QE and PCE, as the quoting library is on real machines: it sees reports and ciphertexts only. */
export interface QuotingService {
  /** TARGETINFO (512 bytes) that an enclave reports to when it wants a quote. */
  targetInfo(): Uint8Array;
  pckRequest(): PckRequest;
  /** A quote of version 3 over a report (432 bytes) made for the QE. @throws EnclaveError, PlatformError */
  getQuote(
    report: Uint8Array,
    certification: QuoteCertification,
    proof?: QuoteRequest['proof'],
  ): QuoteAnswer;
}

const MAX_KEPT_SIGNATURES = 16;

export function createQuotingService(
  qe: QuotingEnclave,
  pce: ProvisioningCertificationEnclave,
  cpuSvn: Uint8Array,
): QuotingService {
  const signatures = new Map<string, Uint8Array>();
  const pcInfo = (whose: 'authority' | 'inside'): PcInfo =>
    pce.getPcInfo(qe.ppidKeyRequest(pce.targetInfo(), whose));
  const qeReportSignature = (svn: PlatformSvn): Uint8Array => {
    const name = `${toHex(svn.cpuSvn)}/${svn.pceSvn}`;
    const kept = signatures.get(name);
    if (kept) return kept;
    const made = pce.certifyEnclave({ report: qe.certificationReport(pce.targetInfo()), svn });
    if (signatures.size >= MAX_KEPT_SIGNATURES) signatures.clear();
    signatures.set(name, made);
    return made;
  };
  const certify = (
    wanted: QuoteCertification,
  ): { svn: PlatformSvn; certification: Certification } => {
    if (wanted.type === 5) {
      return { svn: wanted.svn, certification: { type: 5, pckChain: wanted.pckChain } };
    }
    const { encryptedPpid, pceSvn, pceId } = pcInfo(wanted.type === 3 ? 'authority' : 'inside');
    const certification = { type: wanted.type, encryptedPpid, pceId };
    return { svn: { cpuSvn: cpuSvn.slice(), pceSvn }, certification };
  };
  return Object.freeze({
    targetInfo: () => qe.targetInfo(),
    pckRequest: () => {
      const { encryptedPpid, pceSvn, pceId } = pcInfo('authority');
      return { qeId: qe.qeId(), encryptedPpid, cpuSvn: cpuSvn.slice(), pceSvn, pceId };
    },
    getQuote: (report, wanted, proof) => {
      const { svn, certification } = certify(wanted);
      const signature = qeReportSignature(svn);
      return qe.quote({
        report,
        svn,
        qeReportSignature: signature,
        certification,
        ...(proof && { proof }),
      });
    },
  } satisfies QuotingService);
}

import { concat, sha256 } from '@touchstone/bytes';
import type { EnclaveInstructions } from '@touchstone/platform';
import {
  ATTESTATION_KEY_ECDSA_P256,
  INTEL_QE_VENDOR_ID,
  encodeQuote,
  encodeSignedRegion,
  parseReport,
  type QuoteContent,
  isReportForMe,
} from '@touchstone/quote';
import { EnclaveError } from '../enclave-error';
import { publicKeyOf, type ArchitecturalBundle } from './bundle';
import { createCertifier, type Certification } from './certifier';
import {
  CRYPTO_SUITE_RSA_3072,
  ppidEncryptionKey,
  ppidKeyReportData,
  type PpidEncryptionKey,
} from './ppid-key';
import type { PlatformSvn } from './provisioning-certification-enclave';
import { deriveAttestationKey, deriveQeId } from './quoting-keys';
import { selfReport, selfTargetInfo } from './self';

/** Reference QE: the 32 bytes 00..1f. */
const AUTH_DATA = Uint8Array.from({ length: 32 }, (_, i) => i);
const USER_DATA_BYTES = 20;
const NONCE_BYTES = 16;

export interface PpidKeyRequest {
  /** 432 bytes, for the PCE. */
  readonly report: Uint8Array;
  readonly publicKey: PpidEncryptionKey;
  readonly cryptoSuite: number;
}

export interface QuoteRequest {
  /** 432 bytes, made for this QE. */
  readonly report: Uint8Array;
  /** The TCB of the PCK key that signed. */
  readonly svn: PlatformSvn;
  /** r||s (64 bytes) of the PCE over the body of `certificationReport`. */
  readonly qeReportSignature: Uint8Array;
  readonly certification: Certification;
  /** Asks the QE for a report on the quote, to an enclave that wants to know that this QE made it. */
  readonly proof?: {
    /** 16 bytes. */
    readonly nonce: Uint8Array;
    /** 512 bytes. */
    readonly targetInfo: Uint8Array;
  };
}

export interface QuoteAnswer {
  readonly quote: Uint8Array;
  /** 432 bytes, with `proof` only: REPORTDATA is SHA-256(nonce, quote), then zeros. */
  readonly report?: Uint8Array;
}

/** The entry points of the Quoting Enclave. */
export interface QuotingEnclave {
  /** TARGETINFO, 512 bytes: attested enclaves report to it. */
  targetInfo(): Uint8Array;
  /** 16 bytes. */
  qeId(): Uint8Array;
  /**
   * A report to the PCE on the key that the PPID shall be encrypted to: the authority's, or, `inside`, a key of the QE's own
   * that is born with the first request (certification data types 1 and 2 need the PPID in clear).
   */
  ppidKeyRequest(pceTargetInfo: Uint8Array, whose: 'authority' | 'inside'): PpidKeyRequest;
  /** A report (432 bytes) to the PCE on the attestation key: REPORTDATA is SHA-256(key, auth data), then zeros. */
  certificationReport(pceTargetInfo: Uint8Array): Uint8Array;
  /** A quote of version 3. @throws EnclaveError QE_INVALID_REPORT, QE_INVALID_PARAMETER, QE_CERTIFICATION_UNSUPPORTED */
  quote(request: QuoteRequest): QuoteAnswer;
}

/** The QE's code, entered once with the instructions of its own enclave. */
export function startQuotingEnclave(
  instructions: EnclaveInstructions,
  bundle: ArchitecturalBundle,
): QuotingEnclave {
  const { ppidKeys } = bundle;
  if (!ppidKeys) {
    throw new EnclaveError('ENCLAVE_NOT_ARCHITECTURAL', 'a QE knows whom the PPID is for', {
      field: 'ppidKeys',
    });
  }
  const self = selfReport(instructions);
  const qeId = deriveQeId(instructions);
  const signer = deriveAttestationKey(instructions, self);
  const attestationKey = signer.publicKeyBytes.slice(1);
  const certifier = createCertifier(instructions, ppidKeys);
  const keyReportData = padded(sha256(attestationKey, AUTH_DATA));
  const header = (svn: PlatformSvn): QuoteContent['header'] => ({
    attKeyType: ATTESTATION_KEY_ECDSA_P256,
    qeSvn: self.isvSvn,
    pceSvn: svn.pceSvn,
    qeVendorId: INTEL_QE_VENDOR_ID,
    userData: concat(qeId, new Uint8Array(USER_DATA_BYTES - qeId.length)),
  });
  const quoteOf = ({ report, svn, qeReportSignature, certification }: QuoteRequest): Uint8Array => {
    const attested = parseReport(report);
    if (!isReportForMe(instructions, attested)) {
      throw new EnclaveError('QE_INVALID_REPORT', 'the report is not for this QE', {
        field: 'mac',
      });
    }
    const content = {
      version: 3,
      teeType: 'sgx',
      header: header(svn),
      body: attested.body,
    } as const;
    return encodeQuote({
      ...content,
      signature: signer.signRaw(encodeSignedRegion(content)),
      attestationKey,
      qeReport: { ...self, reportData: keyReportData },
      qeReportSignature,
      authData: AUTH_DATA,
      certificationData: certifier.certificationData(certification, svn),
    });
  };
  return Object.freeze({
    targetInfo: () => selfTargetInfo(instructions),
    qeId: () => qeId.slice(),
    ppidKeyRequest: (pceTargetInfo, whose) => {
      const key = whose === 'inside' ? certifier.insideKey() : publicKeyOf(ppidKeys.rsa3072);
      const publicKey = ppidEncryptionKey(key);
      const report = instructions.ereport(pceTargetInfo, ppidKeyReportData(publicKey));
      return { report, publicKey, cryptoSuite: CRYPTO_SUITE_RSA_3072 };
    },
    certificationReport: (pceTargetInfo) => instructions.ereport(pceTargetInfo, keyReportData),
    quote: (request) => {
      const quote = quoteOf(request);
      const { proof } = request;
      if (!proof) return { quote };
      if (proof.nonce.length !== NONCE_BYTES) {
        throw new EnclaveError('QE_INVALID_PARAMETER', 'a nonce is 16 bytes', { field: 'nonce' });
      }
      const data = padded(sha256(proof.nonce, quote));
      return { quote, report: instructions.ereport(proof.targetInfo, data) };
    },
  } satisfies QuotingEnclave);
}

/** A digest as REPORTDATA: 32 bytes, then 32 zeros. */
const padded = (digest: Uint8Array): Uint8Array => concat(digest, new Uint8Array(32));

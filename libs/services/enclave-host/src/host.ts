import type { LoadOptions } from '@touchstone/enclave';
import type { LogEntry } from './enclave-log';
import type { EnclaveDescription } from './enclave-registry';
import type { EvidenceOrder } from './evidence-forms';
import type { SignedImage } from './images';
import type { RuntimeData } from './ports';
import type { TrainerEvent } from './trainer-run';

export interface PlatformDescription {
  readonly model: string;
  readonly fmspc: Uint8Array;
  readonly qeId: Uint8Array;
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
  readonly pckCa: string;
  readonly pckNotAfter: Date;
  readonly images: readonly SignedImage[];
  /** TARGETINFO, 512 bytes. */
  readonly qeTargetInfo: Uint8Array;
}

/** An image of the host's own, or one that the caller brings. */
export type LoadSource =
  | { readonly image: string }
  | {
      readonly code: Uint8Array;
      /** UTF-8 text of `enclave.json`. */
      readonly manifest: Uint8Array;
      readonly sigstruct: Uint8Array;
    };

export interface HostEvidence {
  readonly quote: Uint8Array;
  readonly runtimeData: Uint8Array;
}

export interface TrainerStart {
  readonly enclaveId: string;
  readonly attestationUrl: string;
  readonly keyId: string;
  readonly datasetBytes: number;
}

/** The simulated SGX machine and what its untrusted operating system does for it. */
export interface EnclaveHost {
  platform(): Promise<PlatformDescription>;
  /** Asks for the PCK certificate anew. @throws EnclaveHostError HOST_PCK_UNAVAILABLE */
  renewPckCertificate(): Promise<PlatformDescription>;
  load(source: LoadSource, options: LoadOptions): Promise<EnclaveDescription>;
  list(): readonly EnclaveDescription[];
  terminate(enclaveId: string): Promise<EnclaveDescription>;
  /** Enters an enclave; `deadlineMilliseconds` 0 is the longest that there is. */
  call(
    enclaveId: string,
    name: string,
    payload: Uint8Array,
    deadlineMilliseconds: number,
  ): Promise<Uint8Array>;
  /** Enters an enclave with one payload after the other. */
  callEach(
    enclaveId: string,
    name: string,
    payloads: AsyncIterable<Uint8Array>,
    deadlineMilliseconds: number,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
  /** What an enclave says and what happens to it, until it ends or `signal` aborts. */
  logs(enclaveId: string, onlyNew: boolean, signal: AbortSignal): AsyncIterable<LogEntry>;
  /** A report (432 bytes) that the enclave composes for a target (TARGETINFO, 512 bytes); the QE's when it is empty. */
  report(enclaveId: string, targetInfo: Uint8Array, nonce: Uint8Array): Promise<Uint8Array>;
  /** A quote over a report (432 bytes) made for this machine's QE. @throws EnclaveError QE_INVALID_REPORT */
  quote(report: Uint8Array, order: EvidenceOrder): Promise<Uint8Array>;
  evidence(enclaveId: string, nonce: Uint8Array, order?: EvidenceOrder): Promise<HostEvidence>;
  /** Sends a quote with any runtime data at all: whether they belong together is the attestation service's to say. */
  attest(
    quote: Uint8Array,
    runtimeData: RuntimeData | undefined,
    attestationUrl: string,
  ): Promise<{ readonly token: string; readonly requestId: string }>;
  runTrainer(
    start: TrainerStart,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<TrainerEvent>;
  close(): Promise<void>;
}

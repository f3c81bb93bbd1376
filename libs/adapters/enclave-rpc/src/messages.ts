/**
 * The messages of `protos/enclave_host.proto` as they cross this room's face: members in camel case, `bytes` as
 * `Uint8Array`, 64-bit integers as numbers, enumerations by name. Members of a oneof are optional, exactly one is set.
 */
export interface PlatformInfo {
  readonly model: string;
  readonly fmspc: Uint8Array;
  readonly qeId: Uint8Array;
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
  readonly pceId: number;
  readonly pckCa: string;
  readonly pckNotAfter: number;
  readonly images: readonly ImageSummary[];
  readonly qeTargetInfo: Uint8Array;
}

export interface ImageSummary {
  readonly name: string;
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  readonly svn: number;
  readonly debugAllowed: boolean;
  readonly codeBytes: number;
}

export interface LoadEnclaveRequest {
  readonly image?: string;
  readonly bundle?: EnclaveBundle;
  readonly debug: boolean;
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
}

export interface EnclaveBundle {
  readonly name: string;
  readonly code: Uint8Array;
  readonly manifest: Uint8Array;
  readonly sigstruct: Uint8Array;
}

export type EnclaveState =
  'ENCLAVE_STATE_UNSPECIFIED' | 'ENCLAVE_STATE_RUNNING' | 'ENCLAVE_STATE_ENDED';

export interface EnclaveSummary {
  readonly id: string;
  readonly name: string;
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  readonly svn: number;
  readonly debug: boolean;
  readonly state: EnclaveState;
  readonly endCode: string;
  readonly loadedAt: number;
  readonly configId: Uint8Array;
  readonly configSvn: number;
}

export interface ListEnclavesResponse {
  readonly enclaves: readonly EnclaveSummary[];
}

export interface TerminateEnclaveRequest {
  readonly enclaveId: string;
}

export interface TerminateEnclaveResponse {
  readonly enclave: EnclaveSummary;
}

export interface CallEnclaveRequest {
  readonly enclaveId: string;
  readonly name: string;
  readonly payload: Uint8Array;
  readonly deadlineMilliseconds: number;
}

export interface CallEnclaveResponse {
  readonly payload: Uint8Array;
}

export interface CallEnclaveStreamRequest {
  readonly start?: CallEnclaveStreamStart;
  readonly payload?: Uint8Array;
}

export interface CallEnclaveStreamStart {
  readonly enclaveId: string;
  readonly name: string;
  readonly deadlineMilliseconds: number;
}

export interface StreamLogsRequest {
  readonly enclaveId: string;
  readonly onlyNew: boolean;
}

export type LogKind =
  | 'LOG_KIND_UNSPECIFIED'
  | 'LOG_KIND_LOADED'
  | 'LOG_KIND_ECALL'
  | 'LOG_KIND_ECALL_FAILED'
  | 'LOG_KIND_LOG'
  | 'LOG_KIND_ENDED';

export interface LogEntry {
  readonly time: number;
  readonly kind: LogKind;
  readonly text: string;
  readonly dropped: number;
}

export interface GetReportRequest {
  readonly enclaveId: string;
  readonly targetInfo: Uint8Array;
  readonly nonce: Uint8Array;
}

export interface ReportResponse {
  readonly report: Uint8Array;
}

export type EvidenceFormat =
  'EVIDENCE_FORMAT_SGX_QUOTE' | 'EVIDENCE_FORMAT_OE_REPORT' | 'EVIDENCE_FORMAT_OE_EVIDENCE';

export interface GetQuoteRequest {
  readonly report: Uint8Array;
  readonly certificationType?: number;
  readonly format?: EvidenceFormat;
}

export interface QuoteResponse {
  readonly quote: Uint8Array;
}

export interface GetEvidenceRequest {
  readonly enclaveId: string;
  readonly nonce: Uint8Array;
  readonly certificationType?: number;
  readonly format?: EvidenceFormat;
}

export interface Evidence {
  readonly quote: Uint8Array;
  readonly runtimeData: Uint8Array;
}

export type RuntimeDataType =
  'RUNTIME_DATA_TYPE_UNSPECIFIED' | 'RUNTIME_DATA_TYPE_BINARY' | 'RUNTIME_DATA_TYPE_JSON';

export interface AttestRequest {
  readonly quote: Uint8Array;
  readonly runtimeData?: Uint8Array;
  readonly runtimeDataType: RuntimeDataType;
  readonly attestationUrl: string;
}

export interface AttestResponse {
  readonly token: string;
  readonly requestId: string;
}

export interface RunTrainerRequest {
  readonly start?: RunTrainerStart;
  readonly chunk?: Uint8Array;
}

export interface RunTrainerStart {
  readonly enclaveId: string;
  readonly attestationUrl: string;
  readonly keyId: string;
  readonly datasetBytes: number;
}

export interface RunTrainerEvent {
  readonly progress?: TrainerProgress;
  readonly result?: TrainerResult;
}

export type TrainerStage =
  | 'TRAINER_STAGE_UNSPECIFIED'
  | 'TRAINER_STAGE_QUOTED'
  | 'TRAINER_STAGE_ATTESTED'
  | 'TRAINER_STAGE_RELEASED'
  | 'TRAINER_STAGE_DECRYPTED'
  | 'TRAINER_STAGE_TRAINING'
  | 'TRAINER_STAGE_EVALUATED';

export interface TrainerProgress {
  readonly stage: TrainerStage;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly requestId: string;
}

export interface TrainerResult {
  readonly accuracy: number;
  readonly trainingLoss: number;
  readonly trainingSamples: number;
  readonly heldOutSamples: number;
  readonly epochs: number;
  readonly encryptedModel: Uint8Array;
}

/** A message without members. */
export type Empty = Readonly<Record<string, never>>;

/** Request and response of each method that is one message each way. */
export interface UnaryMethods {
  getPlatformInfo: [Empty, PlatformInfo];
  renewPckCertificate: [Empty, PlatformInfo];
  loadEnclave: [LoadEnclaveRequest, EnclaveSummary];
  listEnclaves: [Empty, ListEnclavesResponse];
  terminateEnclave: [TerminateEnclaveRequest, TerminateEnclaveResponse];
  callEnclave: [CallEnclaveRequest, CallEnclaveResponse];
  getReport: [GetReportRequest, ReportResponse];
  getQuote: [GetQuoteRequest, QuoteResponse];
  getEvidence: [GetEvidenceRequest, Evidence];
  attest: [AttestRequest, AttestResponse];
}

/** Request and response of each method that streams both ways. */
export interface StreamMethods {
  callEnclaveStream: [CallEnclaveStreamRequest, CallEnclaveResponse];
  runTrainer: [RunTrainerRequest, RunTrainerEvent];
}

/** Request and response of each method that answers one message with a stream. */
export interface FeedMethods {
  streamLogs: [StreamLogsRequest, LogEntry];
}

export type UnaryName = keyof UnaryMethods;
export type StreamName = keyof StreamMethods;
export type FeedName = keyof FeedMethods;

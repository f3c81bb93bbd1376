import type {
  CallEnclaveStreamRequest,
  CallEnclaveStreamStart,
  EvidenceFormat,
  LoadEnclaveRequest,
  LogEntry as WireLogEntry,
  LogKind as WireLogKind,
} from '@touchstone/enclave-rpc';
import { EnclaveHostError } from '@touchstone/service-enclave-host';
import type {
  EvidenceForm,
  EvidenceOrder,
  LogEntry,
  LogKind,
} from '@touchstone/service-enclave-host';

export const CONFIG_ID_BYTES = 64;
export const REPORT_BYTES = 432;
export const TARGET_INFO_BYTES = 512;
const U16_MAX = 0xffff;

/** What the loader of an enclave decides. */
export function loadOptions({ debug, configId, configSvn = 0 }: LoadEnclaveRequest) {
  if (configId !== undefined && configId.length !== 0 && configId.length !== CONFIG_ID_BYTES) {
    throw invalid('config_id', `a CONFIGID has ${CONFIG_ID_BYTES} bytes`);
  }
  if (configSvn > U16_MAX) throw invalid('config_svn', 'a CONFIGSVN has 16 bits');
  return {
    debug,
    ...(configId?.length === CONFIG_ID_BYTES && { configId }),
    ...(configSvn !== 0 && { configSvn }),
  };
}

const forms: Readonly<Record<EvidenceFormat, EvidenceForm>> = {
  EVIDENCE_FORMAT_SGX_QUOTE: 'sgx-quote',
  EVIDENCE_FORMAT_OE_REPORT: 'oe-report',
  EVIDENCE_FORMAT_OE_EVIDENCE: 'oe-evidence',
};

export function evidenceOrder(request: {
  readonly certificationType?: number;
  readonly format?: EvidenceFormat;
}): EvidenceOrder {
  const { certificationType = 0, format = 'EVIDENCE_FORMAT_SGX_QUOTE' } = request;
  const form: EvidenceForm | undefined = forms[format];
  if (form === undefined) throw invalid('format', 'there is no such format');
  if (![0, 1, 2, 3, 5].includes(certificationType)) {
    throw invalid('certification_type', 'quotes are certified by type 1, 2, 3 or 5');
  }
  return { certificationType, form };
}

export function exactly(field: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw invalid(field, `${field} has ${length} bytes`);
}

const kinds: Readonly<Record<LogKind, WireLogKind>> = {
  loaded: 'LOG_KIND_LOADED',
  ecall: 'LOG_KIND_ECALL',
  'ecall-failed': 'LOG_KIND_ECALL_FAILED',
  log: 'LOG_KIND_LOG',
  ended: 'LOG_KIND_ENDED',
};

export const toLogEntry = ({ time, kind, text, dropped }: LogEntry): WireLogEntry => ({
  time: time.getTime(),
  kind: kinds[kind],
  text,
  dropped,
});

/** The first message of a stream of ECALLs, and the payloads after it. */
export async function splitCalls(
  requests: AsyncIterable<CallEnclaveStreamRequest>,
): Promise<{ start: CallEnclaveStreamStart; payloads: AsyncIterable<Uint8Array> }> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || first.value.start === undefined) {
    throw invalid('start', 'a stream of ECALLs begins with its start message');
  }
  return { start: first.value.start, payloads: payloadsOf(iterator) };
}

async function* payloadsOf(
  requests: AsyncIterator<CallEnclaveStreamRequest>,
): AsyncGenerator<Uint8Array> {
  for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
    if (next.value.payload === undefined)
      throw invalid('payload', 'only payloads follow the start message');
    yield next.value.payload;
  }
}

const invalid = (field: string, message: string): EnclaveHostError =>
  new EnclaveHostError('HOST_REQUEST_INVALID', message, { field });

import type {
  AttestRequest,
  EnclaveSummary,
  LoadEnclaveRequest,
  PlatformInfo,
  RunTrainerEvent,
  RunTrainerRequest,
  RunTrainerStart,
  TrainerStage as WireStage,
} from '@touchstone/enclave-rpc';
import { EnclaveHostError } from '@touchstone/service-enclave-host';
import type {
  EnclaveDescription,
  LoadSource,
  PlatformDescription,
  RuntimeData,
  TrainerEvent,
  TrainerStage,
} from '@touchstone/service-enclave-host';

const SIGSTRUCT_BYTES = 1808;
/** Some 5 KB in practice; the certificate chain makes most of it. */
export const MAX_QUOTE_BYTES = 64 * 1024;
export const MAX_RUNTIME_DATA_BYTES = 64 * 1024;
export const MAX_NONCE_BYTES = 64;
export const MAX_ECALL_NAME_CHARACTERS = 64;

export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

export function toPlatformInfo(platform: PlatformDescription): PlatformInfo {
  const { pckNotAfter, images, ...rest } = platform;
  return {
    ...rest,
    pckNotAfter: seconds(pckNotAfter),
    images: images.map(({ image, mrSigner }) => ({
      name: image.manifest.name,
      mrEnclave: image.mrEnclave,
      mrSigner,
      productId: image.manifest.productId,
      svn: image.manifest.svn,
      debugAllowed: image.manifest.debug,
      codeBytes: image.code.length,
    })),
  };
}

export function toSummary(enclave: EnclaveDescription): EnclaveSummary {
  const { id, name, identity, debug, loadedAt, endCode } = enclave;
  return {
    id,
    name,
    mrEnclave: identity.mrEnclave,
    mrSigner: identity.mrSigner,
    productId: identity.isvProdId,
    svn: identity.isvSvn,
    debug,
    state: endCode === undefined ? 'ENCLAVE_STATE_RUNNING' : 'ENCLAVE_STATE_ENDED',
    endCode: endCode ?? '',
    loadedAt: seconds(loadedAt),
    configId: identity.configId,
    configSvn: identity.configSvn,
  };
}

export function loadSource({ image, bundle }: LoadEnclaveRequest): LoadSource {
  if (bundle !== undefined) {
    if (bundle.sigstruct.length !== SIGSTRUCT_BYTES) {
      throw invalid('bundle.sigstruct', `a SIGSTRUCT has ${SIGSTRUCT_BYTES} bytes`);
    }
    const { code, manifest, sigstruct } = bundle;
    return { code, manifest, sigstruct };
  }
  if (image !== undefined && image !== '') return { image };
  throw invalid('source', 'neither an image nor a bundle is named');
}

/** The runtime data of a quote, as its sender chose it. */
export function runtimeData(request: AttestRequest): RuntimeData | undefined {
  const { quote, runtimeData: bytes, runtimeDataType } = request;
  atMost('quote', quote, MAX_QUOTE_BYTES);
  if (quote.length === 0) throw invalid('quote', 'there is no quote');
  if (bytes === undefined) return undefined;
  atMost('runtime_data', bytes, MAX_RUNTIME_DATA_BYTES);
  if (runtimeDataType === 'RUNTIME_DATA_TYPE_JSON') return { bytes, dataType: 'JSON' };
  if (runtimeDataType === 'RUNTIME_DATA_TYPE_BINARY') return { bytes, dataType: 'Binary' };
  throw invalid('runtime_data_type', 'say whether the runtime data is JSON');
}

export function atMost(field: string, bytes: { readonly length: number }, max: number): void {
  if (bytes.length > max) throw invalid(field, `${field} is longer than ${max}`);
}

/** The first message of a run, and its chunks after it. */
export async function splitRun(
  requests: AsyncIterable<RunTrainerRequest>,
): Promise<{ start: RunTrainerStart; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || first.value.start === undefined) {
    throw invalid('start', 'a run begins with its start message');
  }
  return { start: first.value.start, chunks: chunksOf(iterator) };
}

async function* chunksOf(requests: AsyncIterator<RunTrainerRequest>): AsyncGenerator<Uint8Array> {
  for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
    if (next.value.chunk === undefined)
      throw invalid('chunk', 'only chunks follow the start message');
    yield next.value.chunk;
  }
}

const wireStages: Readonly<Record<TrainerStage, WireStage>> = {
  quoted: 'TRAINER_STAGE_QUOTED',
  attested: 'TRAINER_STAGE_ATTESTED',
  released: 'TRAINER_STAGE_RELEASED',
  decrypted: 'TRAINER_STAGE_DECRYPTED',
  training: 'TRAINER_STAGE_TRAINING',
  evaluated: 'TRAINER_STAGE_EVALUATED',
};

export function toRunEvent(event: TrainerEvent): RunTrainerEvent {
  if (event.kind === 'result') {
    const { kind: _kind, ...result } = event;
    return { result };
  }
  const { kind: _kind, stage, ...progress } = event;
  return { progress: { ...progress, stage: wireStages[stage] } };
}

function invalid(field: string, message: string): EnclaveHostError {
  return new EnclaveHostError('HOST_REQUEST_INVALID', message, { field });
}

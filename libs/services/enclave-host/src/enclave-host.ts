import { sha256, toHex, toUtf8 } from '@touchstone/bytes';
import { createImage, parseManifest } from '@touchstone/enclave';
import type { Machine } from '@touchstone/enclave';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { collectDataset } from './dataset-upload';
import { EnclaveHostError } from './enclave-host-error';
import { EnclaveRegistry } from './enclave-registry';
import type { EnclaveDescription } from './enclave-registry';
import { attestationProvider, vaultKeyId } from './endpoints';
import type { Endpoints } from './endpoints';
import { imageNamed } from './images';
import type { SignedImage } from './images';
import { EnclaveJson } from './json-answers';
import type { PckCertificates } from './pck-certificates';
import type { Attester, EnclaveStarter, KeyReleaser, RuntimeData } from './ports';
import { quotingOcalls } from './quoting-ocalls';
import { runTrainer } from './trainer-run';
import type { TrainerEvent } from './trainer-run';

/** Longest that one ECALL may take, and what it gets when its caller names no deadline. */
export const MAX_ECALL_MILLISECONDS = 30_000;
export const MAX_RUN_MILLISECONDS = 5 * 60_000;
/** Each run holds its data set in memory from the announcement on. */
export const MAX_CONCURRENT_RUNS = 8;
const MAX_EVIDENCE_JSON_BYTES = 256 * 1024;

export interface EnclaveHostOptions {
  /** Name of the processor's model. */
  readonly model: string;
  readonly machine: Machine<EnclaveStarter>;
  readonly pck: PckCertificates;
  /** The images that can be loaded by name; asked for when they are first needed. */
  readonly images: () => Promise<ReadonlyMap<string, SignedImage>>;
  readonly endpoints: Endpoints;
  readonly attester: Attester;
  readonly releaser: KeyReleaser;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

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
  load(source: LoadSource, debug: boolean): Promise<EnclaveDescription>;
  list(): readonly EnclaveDescription[];
  terminate(enclaveId: string): Promise<EnclaveDescription>;
  /** Enters an enclave; `deadlineMilliseconds` 0 is the longest that there is. */
  call(
    enclaveId: string,
    name: string,
    payload: Uint8Array,
    deadlineMilliseconds: number,
  ): Promise<Uint8Array>;
  evidence(enclaveId: string, nonce: Uint8Array): Promise<HostEvidence>;
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

export function createEnclaveHost(options: EnclaveHostOptions): EnclaveHost {
  const { machine, pck, images, endpoints, attester, releaser, logger } = options;
  const registry = new EnclaveRegistry(options);
  const quoting = quotingOcalls(machine, pck);
  let runs = 0;

  return {
    platform: () => describePlatform(options),
    renewPckCertificate: async () => {
      await pck.renew();
      return describePlatform(options);
    },
    load: async (source, debug) => {
      const { image, sigstruct } =
        'image' in source ? imageNamed(await images(), source.image) : brought(source);
      return registry.load(image, sigstruct, debug);
    },
    list: () => registry.list(),
    terminate: (enclaveId) => registry.terminate(enclaveId),
    call: async (enclaveId, name, payload, deadlineMilliseconds) => {
      const limit = deadlineMilliseconds === 0 ? MAX_ECALL_MILLISECONDS : deadlineMilliseconds;
      return registry.hosted(enclaveId).ecall(name, payload, {
        deadlineMilliseconds: Math.min(limit, MAX_ECALL_MILLISECONDS),
        ocalls: quoting,
      });
    },
    evidence: async (enclaveId, nonce) => {
      const answer = await registry.hosted(enclaveId).ecall('evidence', nonce, {
        deadlineMilliseconds: MAX_ECALL_MILLISECONDS,
        ocalls: quoting,
      });
      const made = new EnclaveJson(answer, MAX_EVIDENCE_JSON_BYTES);
      return { quote: made.bytes('quote'), runtimeData: made.bytes('runtimeData') };
    },
    attest: async (quote, runtimeData, attestationUrl) => {
      const provider = attestationProvider(endpoints, attestationUrl);
      const evidence = { quote, ...(runtimeData && { runtimeData }) };
      const answer = await attester.attest(provider, evidence);
      logger.info('quote attested', {
        quote: toHex(sha256(quote)),
        provider,
        requestId: answer.requestId,
      });
      return answer;
    },
    async *runTrainer(start, chunks, signal) {
      const enclave = registry.hosted(start.enclaveId);
      const provider = attestationProvider(endpoints, start.attestationUrl);
      const keyId = vaultKeyId(endpoints, start.keyId);
      if (runs >= MAX_CONCURRENT_RUNS) {
        throw new EnclaveHostError('HOST_RUNS_FULL', 'as many runs as there may be are under way');
      }
      runs++;
      try {
        yield* runTrainer({
          enclave,
          dataset: await collectDataset(start.datasetBytes, chunks),
          provider,
          keyId,
          quoting,
          attester,
          releaser,
          signal,
          deadlineMilliseconds: MAX_RUN_MILLISECONDS,
          logger: logger.child({ enclave: start.enclaveId }),
        });
      } finally {
        runs--;
      }
    },
    close: () => registry.close(),
  };
}

function brought({ code, manifest, sigstruct }: Exclude<LoadSource, { image: string }>) {
  let text: string;
  try {
    text = toUtf8(manifest, 'manifest');
  } catch (cause) {
    throw new EnclaveHostError('HOST_REQUEST_INVALID', 'the manifest is not text', {
      field: 'bundle.manifest',
      cause,
    });
  }
  return { image: createImage(parseManifest(text), code), sigstruct };
}

async function describePlatform({
  machine,
  model,
  pck,
  images,
}: EnclaveHostOptions): Promise<PlatformDescription> {
  const { qeId, cpuSvn, pceSvn, pceId } = machine.quoting.pckRequest();
  const { fmspc, ca, notAfter } = await pck.current();
  return {
    model,
    fmspc,
    qeId,
    cpuSvn,
    pceSvn,
    pceId,
    pckCa: ca,
    pckNotAfter: notAfter,
    images: [...(await images()).values()],
  };
}

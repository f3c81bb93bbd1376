import { concat, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import { createImage, parseManifest } from '@touchstone/enclave';
import type { LoadOptions, Machine } from '@touchstone/enclave';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { REPORT_SIZE } from '@touchstone/quote';
import { collectDataset } from './dataset-upload';
import { enter, enterEach } from './ecalls';
import type { EcallTarget } from './ecalls';
import { EnclaveHostError } from './enclave-host-error';
import type { LogEntry } from './enclave-log';
import { MAX_LOG_CHARACTERS } from './enclave-log';
import { EnclaveRegistry } from './enclave-registry';
import type { EnclaveDescription } from './enclave-registry';
import { attestationProvider, vaultKeyId } from './endpoints';
import type { Endpoints } from './endpoints';
import { createErrands } from './errands';
import type { ErrandOptions, Errands } from './errands';
import { inForm, PLAIN_EVIDENCE } from './evidence-forms';
import type { EvidenceOrder } from './evidence-forms';
import { imageNamed } from './images';
import type { SignedImage } from './images';
import { EnclaveJson } from './json-answers';
import type { PckCertificates } from './pck-certificates';
import type {
  Attester,
  CollateralSource,
  EnclaveStarter,
  KeyReleaser,
  Ocalls,
  RuntimeData,
  Storage,
} from './ports';
import { certificationOf, PCK_CHAIN, quotingOcalls } from './quoting-ocalls';
import { relyingOcalls } from './relying-ocalls';
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
  readonly storage: Storage;
  /** For enclaves that judge others' evidence. */
  readonly collateral: CollateralSource;
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

export function createEnclaveHost(options: EnclaveHostOptions): EnclaveHost {
  const { machine, pck, images, endpoints, attester, logger } = options;
  const registry = new EnclaveRegistry(options);
  const quoting = quotingOcalls(machine, pck);
  const relying = relyingOcalls(options.collateral, options.clock);
  const errandsOf = (
    enclaveId: string,
    particulars: Pick<ErrandOptions, 'attestationUrl' | 'keyId' | 'beside'>,
  ): Errands =>
    createErrands({ ...options, logger: logger.child({ enclave: enclaveId }), ...particulars });
  let runs = 0;
  const target = (enclaveId: string, milliseconds = 0, others: Ocalls = {}): EcallTarget => {
    const log = registry.log(enclaveId);
    const limit = milliseconds === 0 ? MAX_ECALL_MILLISECONDS : milliseconds;
    return {
      hosted: registry.hosted(enclaveId),
      log,
      deadlineMilliseconds: Math.min(limit, MAX_ECALL_MILLISECONDS),
      errands: errandsOf(enclaveId, {
        beside: {
          ...quoting,
          ...relying,
          log: async (text) => noted(log.add('log', textOf(text))),
          ...others,
        },
      }),
    };
  };

  return {
    platform: () => describePlatform(options),
    renewPckCertificate: async () => {
      await pck.renew();
      return describePlatform(options);
    },
    load: async (source, loadOptions) => {
      const { image, sigstruct } =
        'image' in source ? imageNamed(await images(), source.image) : brought(source);
      return registry.load(image, sigstruct, loadOptions);
    },
    list: () => registry.list(),
    terminate: (enclaveId) => registry.terminate(enclaveId),
    call: async (enclaveId, name, payload, milliseconds) =>
      enter(target(enclaveId, milliseconds), name, payload),
    callEach: (enclaveId, name, payloads, milliseconds, signal) =>
      enterEach(target(enclaveId, milliseconds), name, payloads, signal),
    logs: (enclaveId, onlyNew, signal) => registry.log(enclaveId).read(onlyNew, signal),
    report: async (enclaveId, targetInfo, nonce) => {
      const whom = targetInfo.length === 0 ? machine.quoting.targetInfo() : targetInfo;
      const report = await enter(target(enclaveId), 'report', concat(whom, nonce));
      if (report.length === REPORT_SIZE) return report;
      throw new EnclaveHostError('HOST_ENCLAVE_ANSWER', 'the enclave answered with no report', {
        field: 'report',
      });
    },
    quote: async (report, { certificationType, form }) => {
      const certification = await certificationOf(certificationType || PCK_CHAIN, pck);
      return inForm(form, machine.quoting.getQuote(report, certification).quote);
    },
    evidence: async (enclaveId, nonce, { certificationType, form } = PLAIN_EVIDENCE) => {
      const certified: Ocalls = {
        quote: async (report) => {
          const certification = await certificationOf(certificationType || PCK_CHAIN, pck);
          return machine.quoting.getQuote(report, certification).quote;
        },
      };
      const answer = await enter(target(enclaveId, 0, certified), 'evidence', nonce);
      const made = new EnclaveJson(answer, MAX_EVIDENCE_JSON_BYTES);
      const runtimeData = made.bytes('runtimeData');
      return { quote: inForm(form, made.bytes('quote'), runtimeData), runtimeData };
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
      const attestationUrl = attestationProvider(endpoints, start.attestationUrl);
      const keyId = vaultKeyId(endpoints, start.keyId);
      if (runs >= MAX_CONCURRENT_RUNS) {
        throw new EnclaveHostError('HOST_RUNS_FULL', 'as many runs as there may be are under way');
      }
      runs++;
      try {
        yield* runTrainer({
          enclave,
          dataset: await collectDataset(start.datasetBytes, chunks),
          errandsWith: (beside) =>
            errandsOf(start.enclaveId, {
              attestationUrl,
              keyId,
              beside: { ...quoting, ...beside },
            }),
          signal,
          deadlineMilliseconds: MAX_RUN_MILLISECONDS,
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
    qeTargetInfo: machine.quoting.targetInfo(),
  };
}

/** What an enclave says, as far as it is text. */
const textOf = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, MAX_LOG_CHARACTERS)).replace(/\p{Cc}/gu, ' ');

const noted = (_: void): Uint8Array => new Uint8Array();

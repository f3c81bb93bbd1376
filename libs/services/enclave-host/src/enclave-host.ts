import { concat, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import { createImage, parseManifest } from '@touchstone/enclave';
import type { Machine } from '@touchstone/enclave';
import type { Clock, Logger, Random } from '@touchstone/ports';
import { REPORT_SIZE } from '@touchstone/quote';
import { collectDataset } from './dataset-upload';
import { enter, enterEach } from './ecalls';
import type { EcallTarget } from './ecalls';
import { EnclaveHostError } from './enclave-host-error';
import { MAX_LOG_CHARACTERS } from './enclave-log';
import { EnclaveRegistry } from './enclave-registry';
import { attestationProvider, vaultKeyId } from './endpoints';
import type { Endpoints } from './endpoints';
import { createErrands } from './errands';
import type { ErrandOptions, Errands } from './errands';
import { inForm, PLAIN_EVIDENCE } from './evidence-forms';
import type { EnclaveHost, LoadSource, PlatformDescription } from './host';
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
  Storage,
} from './ports';
import { certificationOf, PCK_CHAIN, quotingOcalls } from './quoting-ocalls';
import { relyingOcalls } from './relying-ocalls';
import { runTrainer } from './trainer-run';

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

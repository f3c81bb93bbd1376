import { cpuSvnOf } from '@touchstone/authority';
import { fromUtf8 } from '@touchstone/bytes';
import {
  type ApplicationStart,
  type EnclaveManifest,
  type LoadOptions,
  type QuoteCertification,
  createImage,
  loadEnclave,
  signEnclave,
} from '@touchstone/enclave';
import { type Enclave, createEnclave } from '@touchstone/enclave-sdk';
import { type EnclaveInstructions, type Processor, createProcessor } from '@touchstone/platform';
import { REPORT_SIZE } from '@touchstone/quote';
import { TEST_NOW } from './fixed-clock';
import type { TestPlatform } from './platform';
import { pckChainOf, pckOf } from './quote';
import { seededRandom } from './seeded';
import { anAuthorKey } from './test-authority';

export type BareProcessor = Processor<EnclaveInstructions>;

export interface BareProcessorOptions {
  /** Which processor it is. */
  readonly fuses?: string;
  /** Which of its lives, from power-up to power-down. */
  readonly life?: string;
  /** Every byte of CPUSVN. */
  readonly svn?: number;
  readonly ownerEpoch?: number;
}

/** A processor without quoting enclaves, whose enclaves show their instructions to the test. */
export function aBareProcessor(options: BareProcessorOptions = {}): BareProcessor {
  const { fuses = 'one', life = 'first', svn = 4, ownerEpoch = 0 } = options;
  const fused = seededRandom(`${fuses}/fuses`);
  return createProcessor<EnclaveInstructions>({
    rootProvisioningKey: fused.bytes(16),
    rootSealKey: fused.bytes(16),
    cpuSvn: new Uint8Array(16).fill(svn),
    ownerEpoch: new Uint8Array(16).fill(ownerEpoch),
    random: seededRandom(`${fuses}/${life}`),
    launchControl: { privilegedSigners: [] },
    execute: (_memory, instructions) => instructions,
  });
}

export interface SdkEnclaveOptions extends LoadOptions {
  /** What is measured. */
  readonly code?: string;
  readonly manifest?: Partial<EnclaveManifest>;
  /** Who signs it. */
  readonly author?: string;
}

const MANIFEST: EnclaveManifest = {
  name: 'tested',
  productId: 7,
  svn: 3,
  debug: false,
  heapPages: 4,
  threads: 1,
  attributes: [],
};

/** The SDK as code inside of an enclave of this processor has it; there is no host. */
export function anEnclaveOn(processor: BareProcessor, options: SdkEnclaveOptions = {}): Enclave {
  const { image, sigstruct } = signedImage(options);
  const { running } = loadEnclave(processor, image, sigstruct, options);
  return enclaveOf(running, {});
}

/** The SDK inside of an enclave of a whole platform, whose host has its reports quoted. */
export function anAttestedEnclave(
  platform: TestPlatform,
  options: SdkEnclaveOptions = {},
): Enclave {
  const { machine } = platform;
  const { image, sigstruct } = signedImage(options);
  const started: ApplicationStart = machine.load(image, sigstruct, options).running;
  return enclaveOf(started.instructions, {
    'qe-target-info': () => machine.quoting.targetInfo(),
    quote: (payload) => {
      const [type] = payload.subarray(REPORT_SIZE);
      const certification = certificationOf(type, platform);
      return machine.quoting.getQuote(payload.subarray(0, REPORT_SIZE), certification).quote;
    },
  });
}

function certificationOf(type: number | undefined, platform: TestPlatform): QuoteCertification {
  if (type === 1 || type === 3) return { type };
  const { tcb } = pckOf(platform);
  const svn = { cpuSvn: cpuSvnOf(tcb), pceSvn: tcb.pceSvn };
  return { type: 5, pckChain: pckChainOf(platform), svn };
}

function signedImage({ code = 'code', manifest = {}, author = 'testkit' }: SdkEnclaveOptions) {
  const image = createImage({ ...MANIFEST, ...manifest }, fromUtf8(code));
  return { image, sigstruct: signEnclave(image, anAuthorKey(author), TEST_NOW) };
}

const enclaveOf = (
  instructions: EnclaveInstructions,
  ocalls: Record<string, (payload: Uint8Array) => Uint8Array>,
): Enclave =>
  createEnclave({
    report: (targetInfo, reportData) => instructions.ereport(targetInfo, reportData),
    getKey: (keyRequest) => instructions.egetkey(keyRequest),
    ocall: async (name, payload) => ocalls[name]?.(payload) ?? new Uint8Array(),
    yield: async () => undefined,
  });

import {
  createProcessor,
  mrSignerOf,
  parseSigstruct,
  type EnclaveIdentity,
  type EnclaveInstructions,
  type LoadedEnclave,
  type Processor,
  type ProcessorOptions,
} from '@touchstone/platform';
import {
  OPEN_LAUNCH,
  createLaunchService,
  type LaunchService,
} from './architectural/launch-service';
import type { ArchitecturalEnclaves } from './architectural/publish';
import {
  isArchitectural,
  notArchitectural,
  startArchitectural,
  type RunningArchitectural,
} from './architectural/start-architectural';
import { codeOf, createImage, type EnclaveImage } from './image/image';
import { loadEnclave, type LoadOptions } from './image/load-enclave';
import type { SignedEnclave } from './image/signed-enclave';
import { createQuotingService, type QuotingService } from './quoting-service';

/** An application enclave at the moment it comes to life. */
export interface ApplicationStart {
  /** The measured code, read back from the enclave's memory. */
  readonly code: Uint8Array;
  readonly identity: EnclaveIdentity;
  /** For the code alone: to be passed into its isolation and nowhere else. */
  readonly instructions: EnclaveInstructions;
}

export interface MachineOptions<App> extends Omit<
  ProcessorOptions<App>,
  'execute' | 'launchControl'
> {
  /** MRSIGNER (32 bytes) of the processor's vendor: the only signer whose enclaves may have provisioning keys. */
  readonly vendorMrSigner: Uint8Array;
  readonly architectural: ArchitecturalEnclaves;
  /**
   * Of a machine whose owner decides what runs: its signer is the launch key, and every other signer's enclaves, the vendor's
   * too, run with a token of this enclave. Without it everybody launches.
   */
  readonly launchEnclave?: SignedEnclave;
  /** Starts measured application code in isolation; what it returns is the enclave as the host can reach it. */
  readonly startApplication: (start: ApplicationStart) => App;
}

/** A powered machine: one processor, its Quoting Enclave and PCE, and room for application enclaves. */
export interface Machine<App> {
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly quoting: QuotingService;
  /** Loads an application enclave. @throws PlatformError as ECREATE and EINIT refuse it; EnclaveError ENCLAVE_NOT_ARCHITECTURAL */
  load(image: EnclaveImage, sigstruct: Uint8Array, options?: LoadOptions): LoadedEnclave<App>;
}

type Running<App> = RunningArchitectural | { readonly kind: 'application'; readonly app: App };

/** @throws PlatformError, EnclaveError when the architectural enclaves are not the vendor's */
export function createMachine<App>(options: MachineOptions<App>): Machine<App> {
  const { vendorMrSigner, architectural, launchEnclave, startApplication, ...fused } = options;
  const launchKeyHash = launchEnclave && signerOf(launchEnclave);
  const processor = createProcessor<Running<App>>({
    ...fused,
    launchControl: {
      privilegedSigners: [vendorMrSigner],
      ...(launchKeyHash && { launchKeyHash }),
    },
    execute: (memory, instructions) =>
      isArchitectural(memory.identity)
        ? startArchitectural(memory, instructions, vendorMrSigner)
        : {
            kind: 'application',
            app: startApplication({
              code: codeOf(memory),
              identity: memory.identity,
              instructions,
            }),
          },
  });
  const launch = startLaunch(processor, launchEnclave);
  const qe = loadShipped(processor, architectural.qe, launch);
  const pce = loadShipped(processor, architectural.pce, launch);
  if (qe.kind !== 'qe' || pce.kind !== 'pce') throw notArchitectural();
  const { cpuSvn } = processor;
  return Object.freeze({
    cpuSvn,
    quoting: createQuotingService(qe.qe, pce.pce, cpuSvn),
    load: (image, sigstruct, loadOptions) => {
      const wanted = launch.launchable(image, sigstruct, loadOptions);
      const loaded = loadEnclave(processor, image, sigstruct, wanted);
      if (loaded.running.kind !== 'application') throw notArchitectural();
      return Object.freeze({ ...loaded, running: loaded.running.app });
    },
  } satisfies Machine<App>);
}

function startLaunch<App>(
  processor: Processor<Running<App>>,
  shipped: SignedEnclave | undefined,
): LaunchService {
  if (shipped === undefined) return OPEN_LAUNCH;
  const running = loadShipped(processor, shipped, OPEN_LAUNCH);
  if (running.kind !== 'launch') throw notArchitectural();
  return createLaunchService(running.launchEnclave, signerOf(shipped));
}

function loadShipped<Running>(
  processor: Processor<Running>,
  { manifest, code, sigstruct }: SignedEnclave,
  launch: LaunchService,
): Running {
  const image = createImage(manifest, code);
  return loadEnclave(processor, image, sigstruct, launch.launchable(image, sigstruct)).running;
}

const signerOf = ({ sigstruct }: SignedEnclave): Uint8Array =>
  mrSignerOf(parseSigstruct(sigstruct).modulus);

import {
  createProcessor,
  type EnclaveIdentity,
  type EnclaveInstructions,
  type EnclaveMemory,
  type LoadedEnclave,
  type Processor,
  type ProcessorOptions,
} from '@touchstone/platform';
import { AttributeFlag } from '@touchstone/quote';
import { parseBundle } from './architectural/bundle';
import {
  startProvisioningCertificationEnclave,
  type ProvisioningCertificationEnclave,
} from './architectural/provisioning-certification-enclave';
import type { ArchitecturalEnclaves } from './architectural/publish';
import { startQuotingEnclave, type QuotingEnclave } from './architectural/quoting-enclave';
import { EnclaveError } from './enclave-error';
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

type Running<App> =
  | { readonly kind: 'qe'; readonly qe: QuotingEnclave }
  | { readonly kind: 'pce'; readonly pce: ProvisioningCertificationEnclave }
  | { readonly kind: 'application'; readonly app: App };

/** @throws PlatformError, EnclaveError when the architectural enclaves are not the vendor's */
export function createMachine<App>(options: MachineOptions<App>): Machine<App> {
  const { vendorMrSigner, architectural, startApplication, ...fused } = options;
  const processor = createProcessor<Running<App>>({
    ...fused,
    launchControl: { privilegedSigners: [vendorMrSigner] },
    execute: (memory, instructions) =>
      isPrivileged(memory.identity)
        ? startArchitectural(memory, instructions)
        : {
            kind: 'application',
            app: startApplication({
              code: codeOf(memory),
              identity: memory.identity,
              instructions,
            }),
          },
  });
  const qe = loadShipped(processor, architectural.qe);
  const pce = loadShipped(processor, architectural.pce);
  if (qe.kind !== 'qe' || pce.kind !== 'pce') throw notArchitectural();
  const { cpuSvn } = processor;
  return Object.freeze({
    cpuSvn,
    quoting: createQuotingService(qe.qe, pce.pce, cpuSvn),
    load: (image, sigstruct, loadOptions) => {
      const loaded = loadEnclave(processor, image, sigstruct, loadOptions);
      if (loaded.running.kind !== 'application') throw notArchitectural();
      return Object.freeze({ ...loaded, running: loaded.running.app });
    },
  } satisfies Machine<App>);
}

/** Launch control gives the privilege to the vendor's enclaves alone, so this tells whose logic it is. */
const isPrivileged = ({ attributes }: EnclaveIdentity): boolean =>
  (attributes.flags & AttributeFlag.PROVISION_KEY) !== 0n;

function startArchitectural(
  memory: EnclaveMemory,
  instructions: EnclaveInstructions,
): Running<never> {
  const bundle = parseBundle(codeOf(memory));
  return bundle.role === 'quoting-enclave'
    ? { kind: 'qe', qe: startQuotingEnclave(instructions, bundle) }
    : { kind: 'pce', pce: startProvisioningCertificationEnclave(instructions) };
}

const loadShipped = <Running>(processor: Processor<Running>, shipped: SignedEnclave): Running =>
  loadEnclave(processor, createImage(shipped.manifest, shipped.code), shipped.sigstruct).running;

function notArchitectural(): EnclaveError {
  return new EnclaveError('ENCLAVE_NOT_ARCHITECTURAL', 'not the enclave that belongs here', {
    field: 'role',
  });
}

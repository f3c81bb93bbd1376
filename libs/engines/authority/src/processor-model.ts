import type { ComponentLabel, PckConfiguration, SgxType } from '@touchstone/collateral';
import { AuthorityError } from './authority-error';
import type { Tcb } from './svn';

export type PckCa = 'processor' | 'platform';

/** A family of simulated processors: they share an FMSPC, and so a TCB info. */
export interface ProcessorModel {
  readonly name: string;
  /** The platform filter of the PCS `fmspcs` list. */
  readonly platform: 'E3' | 'E5' | 'client';
  /** 12 upper-case hex digits; none that Intel has given out. */
  readonly fmspc: string;
  readonly sgxType: SgxType;
  readonly ca: PckCa;
  /** The oldest TCB level that is certified; recoveries raise it. */
  readonly base: Tcb;
  /** What components stand for, by index. */
  readonly labels: Readonly<Record<number, ComponentLabel>>;
  /** Advisories that only software can mitigate: an up-to-date platform is then SWHardeningNeeded. */
  readonly softwareAdvisories: readonly string[];
  /** A component that is zero when the platform is configured unsafely (hyper-threading on, say). */
  readonly configuration?: {
    readonly component: number;
    readonly advisoryIds: readonly string[];
  };
  /** Present on multi-package platforms, whose PCK certificates come from the Platform CA. */
  readonly multiPackage?: PckConfiguration;
}

const MICROCODE_LABELS: Readonly<Record<number, ComponentLabel>> = {
  0: { category: 'BIOS', type: 'Early Microcode Update' },
  1: { category: 'OS/VMM', type: 'SGX Late Microcode Update' },
};

/** A single-package server part: Processor CA, no platform instance. */
export const MODEL_E3: ProcessorModel = {
  name: 'simulated-e3',
  platform: 'E3',
  fmspc: 'E3A067110000',
  sgxType: 'Standard',
  ca: 'processor',
  base: { components: [10, 10, 2, 2, 255, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0], pceSvn: 13 },
  labels: MICROCODE_LABELS,
  softwareAdvisories: [],
  configuration: { component: 6, advisoryIds: ['INTEL-SA-00289'] },
};

/** A multi-package server part: Platform CA, platform instance ID and configuration in its certificates. */
export const MODEL_E5: ProcessorModel = {
  name: 'simulated-e5',
  platform: 'E5',
  fmspc: 'E5606A000000',
  sgxType: 'Scalable',
  ca: 'platform',
  base: { components: [6, 6, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0], pceSvn: 13 },
  labels: MICROCODE_LABELS,
  softwareAdvisories: [],
  multiPackage: { dynamicPlatform: true, cachedKeys: true, smtEnabled: true },
};

/** A client part whose newest level still asks for software hardening. */
export const MODEL_CLIENT: ProcessorModel = {
  name: 'simulated-client',
  platform: 'client',
  fmspc: 'C1806EA60000',
  sgxType: 'Standard',
  ca: 'processor',
  base: { components: [16, 16, 2, 4, 1, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], pceSvn: 13 },
  labels: MICROCODE_LABELS,
  softwareAdvisories: ['INTEL-SA-00334', 'INTEL-SA-00615'],
};

export const PROCESSOR_MODELS: readonly ProcessorModel[] = [MODEL_E3, MODEL_E5, MODEL_CLIENT];

export function modelNamed(name: string): ProcessorModel {
  const model = PROCESSOR_MODELS.find((one) => one.name === name);
  if (model) return model;
  throw new AuthorityError('AUTHORITY_MODEL_UNKNOWN', 'there is no such processor model', {
    field: 'model',
  });
}

/** By FMSPC, hex of either case. */
export function modelOfFmspc(fmspc: string): ProcessorModel {
  const model = PROCESSOR_MODELS.find((one) => one.fmspc === fmspc.toUpperCase());
  if (model) return model;
  throw new AuthorityError('AUTHORITY_FMSPC_UNKNOWN', 'no processor model has this FMSPC', {
    field: 'fmspc',
  });
}

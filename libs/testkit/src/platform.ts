import { createPublicKey } from 'node:crypto';
import {
  type Authority,
  MODEL_E3,
  type ProcessorModel,
  type Tcb,
  cpuSvnOf,
} from '@touchstone/authority';
import {
  type ApplicationStart,
  type Machine,
  createMachine,
  publishArchitecturalEnclaves,
} from '@touchstone/enclave';
import type { FusedPlatform } from '@touchstone/ports';
import { TEST_NOW } from './fixed-clock';
import { seededRandom } from './seeded';
import { anAuthority } from './test-authority';

export interface PlatformOptions {
  /** Names everything that is drawn: the same seed gives the same platform, byte for byte. */
  readonly seed?: string;
  readonly at?: Date;
  /** Name of a processor model; `simulated-e3` unless it is given. */
  readonly model?: string;
  /** The raw TCB of the processor; the newest certified one unless it is given. */
  readonly tcb?: Tcb;
  /** The authority that makes it; one of the same seed unless it is given. */
  readonly authority?: Authority;
}

/** A processor with its quoting enclaves, and the authority that made it: all in memory. */
export interface TestPlatform {
  readonly seed: string;
  readonly at: Date;
  readonly authority: Authority;
  readonly model: ProcessorModel;
  readonly fused: FusedPlatform;
  /** What its PCK certificate is asked for with. */
  readonly rawTcb: Tcb;
  /** Applications are not run: what they would get is handed to the test. */
  readonly machine: Machine<ApplicationStart>;
}

/** A platform that is sound in every respect. */
export function aPlatform(options: PlatformOptions = {}): TestPlatform {
  const { seed = 'testkit', at = TEST_NOW, model: name = MODEL_E3.name } = options;
  const authority = options.authority ?? anAuthority(seed);
  const random = seededRandom(`${seed}/platform`);
  const {
    platform: fused,
    model,
    tcb,
  } = authority.manufacture(random, {
    model: name,
    at,
    ...(options.tcb ? { tcb: options.tcb } : {}),
  });
  const machine = createMachine<ApplicationStart>({
    rootProvisioningKey: fused.rootProvisioningKey,
    rootSealKey: random.bytes(16),
    cpuSvn: cpuSvnOf(tcb),
    ownerEpoch: new Uint8Array(16),
    random,
    vendorMrSigner: authority.mrSigner,
    architectural: publishArchitecturalEnclaves({
      ppidKeys: { rsa3072: spkiOf(authority.ppid.publicKeyPem) },
      sign: (enclave, mrEnclave) => authority.signEnclave({ enclave, mrEnclave }, at),
    }),
    startApplication: (start) => start,
  });
  const { pceSvn } = machine.quoting.pckRequest();
  return { seed, at, authority, model, fused, rawTcb: { ...tcb, pceSvn }, machine };
}

const spkiOf = (pem: string): Uint8Array =>
  new Uint8Array(createPublicKey(pem).export({ type: 'spki', format: 'der' }));

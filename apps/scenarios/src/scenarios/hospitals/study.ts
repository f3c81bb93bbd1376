import { encodePlan } from '@touchstone/enclave-joint-trainer';
import { configIdOf } from '@touchstone/enclave-sdk';
import {
  newEnclaveAuthor,
  readBuiltEnclave,
  withOneByteChanged,
  type ReleasedEnclave,
} from '@touchstone/server-enclave-host';
import type { Machine } from '../../frame/machine';
import type { World } from '../../frame/world';
import type { Hospital } from './hospital';
import { loadStudy, type StudyEnclave } from './study-enclave';

const IMAGE = 'joint-trainer';

/** What the hospitals have agreed on, and the enclave as its author releases it. */
export interface Study {
  readonly hospitals: readonly Hospital[];
  readonly attestationUrl: string;
  /** UTF-8 JSON. */
  readonly plan: Uint8Array;
  /** Its SHA-512, 64 bytes. */
  readonly configId: Uint8Array;
  readonly images: EnclaveImages;
  load(
    machine: Machine,
    enclave: ReleasedEnclave,
    options?: { readonly debug?: boolean; readonly onLog?: (text: string) => void },
  ): Promise<StudyEnclave>;
}

/** What the author signs: the same code under a security version number, and what somebody else makes of it. */
export interface EnclaveImages {
  atSvn(svn: number): ReleasedEnclave;
  withOneByteChanged(svn: number): ReleasedEnclave;
}

export async function planStudy(
  world: World,
  hospitals: readonly Hospital[],
  attestationUrl: string,
): Promise<Study> {
  const participants = hospitals.map(({ participant }) => participant);
  const plan = encodePlan({ attestationUrl, participants });
  return {
    hospitals,
    attestationUrl,
    plan,
    configId: configIdOf(plan),
    images: await releaseImages(world.enclavesFolder),
    load: (machine, enclave, options = {}) =>
      loadStudy({ world, machine, enclave, plan, ...options }),
  };
}

async function releaseImages(enclavesFolder: string): Promise<EnclaveImages> {
  const author = await newEnclaveAuthor(new Date());
  const { code, manifest } = await readBuiltEnclave(enclavesFolder, IMAGE);
  return {
    atSvn: (svn) => author.sign(IMAGE, code, manifest, { svn }),
    withOneByteChanged: (svn) => author.sign(IMAGE, withOneByteChanged(code), manifest, { svn }),
  };
}

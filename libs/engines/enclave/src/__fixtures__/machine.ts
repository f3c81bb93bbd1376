import { fromUtf8 } from '@touchstone/bytes';
import { generateRsaKey } from '@touchstone/platform';
import { createImage, type EnclaveImage } from '../image/image';
import type { EnclaveManifest } from '../image/manifest';
import { signEnclave } from '../image/sign-enclave';
import {
  createMachine,
  type ApplicationStart,
  type Machine,
  type MachineOptions,
} from '../machine';
import { seeded } from './seeded';
import type { Vendor } from './vendor';

export const RPK = new Uint8Array(16).fill(0x11);
export const RSK = new Uint8Array(16).fill(0x22);
export const CPU_SVN = Uint8Array.of(5, 5, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** The tests' execution unit does not run anything: an application is what its code would get. */
export type Inside = ApplicationStart;

/** A machine whose applications show the test what they were given. */
export const aMachine = (
  vendor: Vendor,
  overrides: Partial<MachineOptions<Inside>> = {},
): Machine<Inside> =>
  createMachine<Inside>({
    rootProvisioningKey: RPK,
    rootSealKey: RSK,
    cpuSvn: CPU_SVN,
    ownerEpoch: new Uint8Array(16),
    random: seeded('machine'),
    vendorMrSigner: vendor.mrSigner,
    architectural: vendor.architectural,
    startApplication: (start) => start,
    ...overrides,
  });

export const MANIFEST: EnclaveManifest = {
  name: 'application',
  productId: 7,
  svn: 3,
  debug: false,
  heapPages: 8,
  threads: 2,
  attributes: [],
};

export const anImage = (
  manifest: Partial<EnclaveManifest> = {},
  code = 'exports.ecalls = {};',
): EnclaveImage => createImage({ ...MANIFEST, ...manifest }, fromUtf8(code));

const AUTHOR_KEY = generateRsaKey(seeded('author'), { modulusBits: 3072, publicExponent: 3 });

export const signed = (image: EnclaveImage, key = AUTHOR_KEY): Uint8Array =>
  signEnclave(image, key, new Date('2026-01-02T00:00:00Z'));

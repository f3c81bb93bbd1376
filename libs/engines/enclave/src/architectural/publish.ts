import {
  PCE_IDENTITY,
  QE_IDENTITY,
  VENDOR_INTEL,
  type ArchitecturalIdentity,
} from '@touchstone/platform';
import { createImage } from '../image/image';
import type { EnclaveManifest } from '../image/manifest';
import { signEnclave } from '../image/sign-enclave';
import type { SignedEnclave } from '../image/signed-enclave';
import {
  LOGIC_REVISION,
  encodeBundle,
  type ArchitecturalBundle,
  type ArchitecturalRole,
} from './bundle';

/** The two enclaves that every machine needs for quotes, as the processor's vendor ships them. */
export interface ArchitecturalEnclaves {
  readonly qe: SignedEnclave;
  readonly pce: SignedEnclave;
}

export interface PublishRequest {
  /** The vendor's enclave-signing key: PKCS#8 DER, RSA-3072, e = 3. */
  readonly signerKeyPkcs8: Uint8Array;
  /** Keys (SPKI DER) that the QE lets PPIDs be encrypted to. */
  readonly ppidKeys: NonNullable<ArchitecturalBundle['ppidKeys']>;
  readonly at: Date;
  /** ISVSVN of each; a TCB recovery raises them. */
  readonly qeSvn?: number;
  readonly pceSvn?: number;
}

/** Builds and signs QE and PCE. Belongs to the vendor's side: machines only get what comes out. */
export function publishArchitecturalEnclaves(request: PublishRequest): ArchitecturalEnclaves {
  const {
    signerKeyPkcs8,
    ppidKeys,
    at,
    qeSvn = QE_IDENTITY.isvSvn,
    pceSvn = PCE_IDENTITY.isvSvn,
  } = request;
  const ship = (manifest: EnclaveManifest, code: Uint8Array): SignedEnclave => ({
    manifest,
    code,
    sigstruct: signEnclave(createImage(manifest, code), signerKeyPkcs8, at, VENDOR_INTEL),
  });
  const qe = encodeBundle({ role: 'quoting-enclave', revision: LOGIC_REVISION, ppidKeys });
  const pce = encodeBundle({
    role: 'provisioning-certification-enclave',
    revision: LOGIC_REVISION,
  });
  return {
    qe: ship(manifestOf('quoting-enclave', QE_IDENTITY, qeSvn), qe),
    pce: ship(manifestOf('provisioning-certification-enclave', PCE_IDENTITY, pceSvn), pce),
  };
}

const manifestOf = (
  name: ArchitecturalRole,
  identity: ArchitecturalIdentity,
  svn: number,
): EnclaveManifest => ({
  name,
  productId: identity.isvProdId,
  svn,
  debug: false,
  heapPages: 16,
  threads: 1,
  attributes: ['PROVISION_KEY'],
});

import {
  PCE_IDENTITY,
  QE_IDENTITY,
  VENDOR_INTEL,
  parseSigstruct,
  type ArchitecturalIdentity,
} from '@touchstone/platform';
import { createImage, type EnclaveImage } from '../image/image';
import type { EnclaveManifest } from '../image/manifest';
import { signEnclave } from '../image/sign-enclave';
import type { SignedEnclave } from '../image/signed-enclave';
import {
  LOGIC_REVISION,
  encodeBundle,
  type ArchitecturalBundle,
  type ArchitecturalRole,
  type ListedSigner,
} from './bundle';

/** The two enclaves that every machine needs for quotes, as the processor's vendor ships them. */
export interface ArchitecturalEnclaves {
  readonly qe: SignedEnclave;
  readonly pce: SignedEnclave;
}

/** The vendor's signature on one of them: MRENCLAVE (32 bytes) in, SIGSTRUCT (1808 bytes) out. */
export type ArchitecturalSigner = (enclave: 'qe' | 'pce', mrEnclave: Uint8Array) => Uint8Array;

export interface PublishRequest {
  /** Keys (SPKI DER) that the QE lets PPIDs be encrypted to. */
  readonly ppidKeys: NonNullable<ArchitecturalBundle['ppidKeys']>;
  readonly sign: ArchitecturalSigner;
}

/** Builds QE and PCE and has them signed. Belongs to the vendor's side: machines only get what comes out. */
export function publishArchitecturalEnclaves({
  ppidKeys,
  sign,
}: PublishRequest): ArchitecturalEnclaves {
  const ship = (
    { manifest, code, mrEnclave }: EnclaveImage,
    which: 'qe' | 'pce',
  ): SignedEnclave => {
    const sigstruct = sign(which, mrEnclave);
    return { manifest: { ...manifest, svn: parseSigstruct(sigstruct).isvSvn }, code, sigstruct };
  };
  return {
    qe: ship(quotingEnclaveImage(ppidKeys), 'qe'),
    pce: ship(certificationEnclaveImage(), 'pce'),
  };
}

/** Signs with the vendor's key (PKCS#8 DER, RSA-3072, e = 3). A TCB recovery raises the SVNs. */
export function architecturalSigner(
  signerKeyPkcs8: Uint8Array,
  at: Date,
  svns: { readonly qe?: number; readonly pce?: number } = {},
): ArchitecturalSigner {
  const { qe = QE_IDENTITY.isvSvn, pce = PCE_IDENTITY.isvSvn } = svns;
  return (which, mrEnclave) => {
    const manifest =
      which === 'qe'
        ? manifestOf('quoting-enclave', QE_IDENTITY, qe)
        : manifestOf('provisioning-certification-enclave', PCE_IDENTITY, pce);
    return signEnclave({ manifest, mrEnclave }, signerKeyPkcs8, at, VENDOR_INTEL);
  };
}

export interface LaunchEnclaveRequest {
  /** Whom it gives tokens; measured. */
  readonly listed: readonly ListedSigner[];
  /** Key of the machines' owner (PKCS#8 DER, RSA-3072, e = 3): its MRSIGNER becomes their launch key hash. */
  readonly signerKeyPkcs8: Uint8Array;
  readonly at: Date;
}

/** A launch enclave as the owner of machines ships it to them. */
export function publishLaunchEnclave(request: LaunchEnclaveRequest): SignedEnclave {
  const { listed, signerKeyPkcs8, at } = request;
  const manifest: EnclaveManifest = {
    ...manifestOf('launch-enclave', LAUNCH_ENCLAVE),
    attributes: ['EINITTOKEN_KEY'],
  };
  const bundle = { role: 'launch-enclave', revision: LOGIC_REVISION, listed } as const;
  const image = createImage(manifest, encodeBundle(bundle));
  return { manifest, code: image.code, sigstruct: signEnclave(image, signerKeyPkcs8, at) };
}

const LAUNCH_ENCLAVE = { isvProdId: 1, isvSvn: 1 };

const quotingEnclaveImage = (ppidKeys: PublishRequest['ppidKeys']): EnclaveImage =>
  createImage(
    manifestOf('quoting-enclave', QE_IDENTITY),
    encodeBundle({ role: 'quoting-enclave', revision: LOGIC_REVISION, ppidKeys }),
  );

const certificationEnclaveImage = (): EnclaveImage =>
  createImage(
    manifestOf('provisioning-certification-enclave', PCE_IDENTITY),
    encodeBundle({ role: 'provisioning-certification-enclave', revision: LOGIC_REVISION }),
  );

const manifestOf = (
  name: ArchitecturalRole,
  identity: Pick<ArchitecturalIdentity, 'isvProdId' | 'isvSvn'>,
  svn = identity.isvSvn,
): EnclaveManifest => ({
  name,
  productId: identity.isvProdId,
  svn,
  debug: false,
  heapPages: 16,
  threads: 1,
  attributes: ['PROVISION_KEY'],
});

import { createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { EnclaveError } from '../enclave-error';

/** Which architectural enclave a bundle is. */
export type ArchitecturalRole =
  'quoting-enclave' | 'provisioning-certification-enclave' | 'launch-enclave';

/** A signer whose production enclaves may be launched. */
export interface ListedSigner {
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** Whether they may also have PROVISION_KEY. */
  readonly provisioning: boolean;
}

/**
 * The measured bytes of an architectural enclave: a canonical JSON document that names the logic (a module of this lib) by role
 * and revision, and carries the configuration that the logic obeys.
 */
export interface ArchitecturalBundle {
  readonly role: ArchitecturalRole;
  /** Raised whenever the logic changes what it answers. */
  readonly revision: number;
  /** QE: keys (SPKI DER) that a PPID may be encrypted to. */
  readonly ppidKeys?: {
    /** RSA-3072, the provisioning authority's. */
    readonly rsa3072: Uint8Array;
    /** RSA-2048, for certification data type 2. */
    readonly rsa2048?: Uint8Array;
  };
  /** Launch enclave: whom it gives tokens. */
  readonly listed?: readonly ListedSigner[];
}

export const LOGIC_REVISION = 1;
const MAX_BUNDLE_BYTES = 16 * 1024;
const MR_SIGNER_BYTES = 32;

/** Bundle to the bytes that are measured: the same bundle gives the same bytes. */
export function encodeBundle(bundle: ArchitecturalBundle): Uint8Array {
  const { role, revision, ppidKeys, listed } = bundle;
  const keys = ppidKeys && {
    rsa3072: toBase64Url(ppidKeys.rsa3072),
    ...(ppidKeys.rsa2048 && { rsa2048: toBase64Url(ppidKeys.rsa2048) }),
  };
  const signers = listed?.map(({ mrSigner, provisioning }) => ({
    mrSigner: toBase64Url(mrSigner),
    provisioning,
  }));
  const document = {
    role,
    revision,
    ...(keys && { ppidKeys: keys }),
    ...(signers && { listed: signers }),
  };
  return fromUtf8(`${JSON.stringify(document)}\n`);
}

/** @throws EnclaveError ENCLAVE_NOT_ARCHITECTURAL for bytes that `encodeBundle` does not write, or an unknown revision */
export function parseBundle(bytes: Uint8Array): ArchitecturalBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) throw notArchitectural();
  try {
    const value = JSON.parse(toUtf8(bytes)) as BundleJson;
    const { role, revision, ppidKeys, listed } = value;
    if (!isRole(role)) throw notArchitectural();
    if (revision !== LOGIC_REVISION) throw notArchitectural();
    return {
      role,
      revision,
      ...(ppidKeys && { ppidKeys: keysOf(ppidKeys) }),
      ...(listed && { listed: listed.map(signerOf) }),
    };
  } catch (cause) {
    throw cause instanceof EnclaveError ? cause : notArchitectural(cause);
  }
}

interface BundleJson {
  readonly role?: unknown;
  readonly revision?: unknown;
  readonly ppidKeys?: { readonly rsa3072: string; readonly rsa2048?: string };
  readonly listed?: readonly { readonly mrSigner: string; readonly provisioning: unknown }[];
}

const ROLES: readonly unknown[] = [
  'quoting-enclave',
  'provisioning-certification-enclave',
  'launch-enclave',
] satisfies ArchitecturalRole[];
const isRole = (role: unknown): role is ArchitecturalRole => ROLES.includes(role);

function signerOf({ mrSigner, provisioning }: NonNullable<BundleJson['listed']>[number]) {
  const bytes = fromBase64Url(mrSigner);
  if (bytes.length !== MR_SIGNER_BYTES || typeof provisioning !== 'boolean') {
    throw notArchitectural();
  }
  return { mrSigner: bytes, provisioning };
}

const keysOf = ({ rsa3072, rsa2048 }: NonNullable<BundleJson['ppidKeys']>) => ({
  rsa3072: fromBase64Url(rsa3072),
  ...(rsa2048 !== undefined && { rsa2048: fromBase64Url(rsa2048) }),
});

export const publicKeyOf = (spki: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

function notArchitectural(cause?: unknown): EnclaveError {
  return new EnclaveError('ENCLAVE_NOT_ARCHITECTURAL', 'no architectural enclave has these bytes', {
    field: 'bundle',
    cause,
  });
}

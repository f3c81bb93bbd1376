import { createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { EnclaveError } from '../enclave-error';

/** Which architectural enclave a bundle is. */
export type ArchitecturalRole = 'quoting-enclave' | 'provisioning-certification-enclave';

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
}

export const LOGIC_REVISION = 1;
const MAX_BUNDLE_BYTES = 16 * 1024;

/** Bundle to the bytes that are measured: the same bundle gives the same bytes. */
export function encodeBundle({ role, revision, ppidKeys }: ArchitecturalBundle): Uint8Array {
  const keys = ppidKeys && {
    rsa3072: toBase64Url(ppidKeys.rsa3072),
    ...(ppidKeys.rsa2048 && { rsa2048: toBase64Url(ppidKeys.rsa2048) }),
  };
  return fromUtf8(`${JSON.stringify({ role, revision, ...(keys && { ppidKeys: keys }) })}\n`);
}

/** @throws EnclaveError ENCLAVE_NOT_ARCHITECTURAL for bytes that `encodeBundle` does not write, or an unknown revision */
export function parseBundle(bytes: Uint8Array): ArchitecturalBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) throw notArchitectural();
  try {
    const value = JSON.parse(toUtf8(bytes)) as BundleJson;
    const { role, revision, ppidKeys } = value;
    if (role !== 'quoting-enclave' && role !== 'provisioning-certification-enclave') {
      throw notArchitectural();
    }
    if (revision !== LOGIC_REVISION) throw notArchitectural();
    return { role, revision, ...(ppidKeys && { ppidKeys: keysOf(ppidKeys) }) };
  } catch (cause) {
    throw cause instanceof EnclaveError ? cause : notArchitectural(cause);
  }
}

interface BundleJson {
  readonly role?: unknown;
  readonly revision?: unknown;
  readonly ppidKeys?: { readonly rsa3072: string; readonly rsa2048?: string };
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

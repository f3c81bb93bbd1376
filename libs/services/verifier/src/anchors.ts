import { createPublicKey } from 'node:crypto';
import { equal } from '@touchstone/bytes';
import type { ReportAnchor } from '@touchstone/ias';
import { INTEL_REPORT_SIGNING_CA } from '@touchstone/ias';
import type { Certificate } from '@touchstone/pki';
import { P256_POINT_BYTES, p256PublicKey } from '@touchstone/pki';
import type { TrustAnchor } from '@touchstone/verification';
import { INTEL_SGX_ROOT } from '@touchstone/verification';
import { attempt } from './attempt';
import { recogniseCollateral } from './recognise-collateral';
import { bytesOfText, textOf } from './text-forms';
import { VerifierError } from './verifier-error';

/** Whom to believe: roots of PCK chains, and CAs of attestation report signers. */
export interface Anchors {
  readonly quote: readonly TrustAnchor[];
  readonly report: readonly ReportAnchor[];
}

export const INTEL_ANCHORS: Anchors = {
  quote: [INTEL_SGX_ROOT],
  report: [INTEL_REPORT_SIGNING_CA],
};

/**
 * Anchors out of a file: self-issued certificates (PEM or DER; of a chain only its roots), a public key in PEM, or a
 * P-256 point of 65 bytes as bytes or hex. `name` is what they are called in results, except Intel's own.
 * @throws VerifierError ANCHOR_UNUSABLE
 */
export function parseAnchors(file: Uint8Array, name: string): Anchors {
  const certificates = recogniseCollateral(file).flatMap((piece) =>
    piece.kind === 'certificate' ? [piece.certificate] : [],
  );
  const roots = certificates.filter(({ subject, issuer }) => equal(subject.der, issuer.der));
  const keys = (roots.length > 0 ? roots : certificates).map(keyOfCertificate);
  const found = keys.length > 0 ? keys : keysOf(file);
  if (found.length === 0) {
    throw new VerifierError('ANCHOR_UNUSABLE', `${name} holds no root certificate or key`, {
      field: 'anchor',
    });
  }
  return anchorsOf(found, name);
}

interface AnchorKey {
  /** 65 bytes of a P-256 point, or SPKI of any other key. */
  readonly publicKey: Uint8Array;
}

const keyOfCertificate = ({ publicKeyBytes }: Certificate): AnchorKey => ({
  publicKey: publicKeyBytes,
});

function anchorsOf(keys: readonly AnchorKey[], name: string): Anchors {
  const isPoint = ({ publicKey }: AnchorKey): boolean => publicKey.length === P256_POINT_BYTES;
  const named = (known: AnchorKey & { readonly name: string }) => (key: AnchorKey) => ({
    name: equal(key.publicKey, known.publicKey) ? known.name : name,
    publicKey: key.publicKey,
  });
  return {
    quote: keys.filter(isPoint).map(named(INTEL_SGX_ROOT)),
    report: keys.filter((key) => !isPoint(key)).map(named(INTEL_REPORT_SIGNING_CA)),
  };
}

function keysOf(file: Uint8Array): AnchorKey[] {
  const text = textOf(file);
  const key = text?.includes('-----BEGIN PUBLIC KEY-----') ? pemKey(text) : undefined;
  if (key !== undefined) return [key];
  const spelled = text === undefined ? undefined : bytesOfText(text);
  return [file, ...(spelled === undefined ? [] : [spelled])]
    .filter((bytes) => bytes.length === P256_POINT_BYTES)
    .filter((bytes) => attempt(() => p256PublicKey(bytes)) !== undefined)
    .slice(0, 1)
    .map((publicKey) => ({ publicKey }));
}

function pemKey(text: string): AnchorKey | undefined {
  try {
    const key = createPublicKey(text);
    const spki = new Uint8Array(key.export({ type: 'spki', format: 'der' }));
    const isP256 = key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    // The point ends the SubjectPublicKeyInfo of an elliptic key.
    return { publicKey: isP256 ? spki.subarray(-P256_POINT_BYTES) : spki };
  } catch {
    return undefined;
  }
}

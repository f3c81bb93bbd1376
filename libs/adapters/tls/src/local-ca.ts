import path from 'node:path';
import {
  ecSignerFromScalar,
  issueCertificate,
  newEcScalar,
  verifyCertificateSignature,
} from '@touchstone/pki';
import type { Certificate, EcSigner } from '@touchstone/pki';
import { sha1 } from '@touchstone/bytes';
import { systemRandom } from '@touchstone/runtime';
import { decodeIdentity, encodeIdentity, signerOf, type Identity } from './certificate-file';
import { createOnce, PRIVATE_FILE, PUBLIC_FILE, readIfPresent, replaceFile } from './files';
import { CA_DAYS, DAY_MS, RENEW_BEFORE_DAYS } from './lifetimes';
import { newSerial } from './serial';
import { carriesNames, issueServiceIdentity, type ServiceNames } from './service-certificate';
import { TlsError } from './tls-error';

/** PEM texts for a TLS server: private key; leaf certificate, then the CA's. */
export interface ServiceTls {
  readonly key: string;
  readonly cert: string;
}

/** The authority that signs every service's certificate on this machine. */
export interface LocalCa {
  /** PEM of the CA certificate: what clients must trust. */
  readonly pem: string;
  /** Path of the file that holds `pem`. */
  readonly file: string;
  /** A certificate for `localhost`, the loopback addresses and the given names; kept and reused while it fits. */
  certificateFor(names: ServiceNames): Promise<ServiceTls>;
}

const CA_COMMON_NAME = 'Touchstone local CA';

/**
 * Opens the CA of a state folder, making it on first use. TLS is judged by clients against the real time, so the
 * machine's clock is used here even where a service's clock is shifted. Throws TLS_CA_UNUSABLE.
 */
export async function openLocalCa(home: string, folder = path.join(home, 'tls')): Promise<LocalCa> {
  const keyFile = path.join(folder, 'ca.key');
  const text = (await readIfPresent(keyFile)) ?? (await createOnce(keyFile, newCa(), PRIVATE_FILE));
  const { identity, certificate } = usableCa(text, keyFile);
  const file = path.join(folder, 'ca.pem');
  if ((await readIfPresent(file)) !== identity.cert)
    await replaceFile(file, identity.cert, PUBLIC_FILE);
  const signer = signerOf(identity);
  return {
    pem: identity.cert,
    file,
    certificateFor: (names) => certificateFor(folder, certificate, signer, names),
  };
}

function newCa(): string {
  const key = ecSignerFromScalar(newEcScalar(systemRandom));
  const name = [{ type: 'CN', value: CA_COMMON_NAME }] as const;
  const notBefore = new Date(Date.now() - DAY_MS);
  const keyId = sha1(key.publicKeyBytes);
  const der = issueCertificate(
    {
      subject: name,
      issuer: name,
      serial: newSerial(),
      notBefore,
      notAfter: new Date(notBefore.getTime() + CA_DAYS * DAY_MS),
      publicKeyBytes: key.publicKeyBytes,
      isCa: true,
      pathLength: 0,
      keyUsage: ['keyCertSign', 'cRLSign'],
      subjectKeyId: keyId,
      authorityKeyId: keyId,
    },
    key,
  );
  return encodeIdentity(key, [der]);
}

function usableCa(text: string, file: string): { identity: Identity; certificate: Certificate } {
  const identity = decodeIdentity(text);
  const certificate = identity?.certificates[0];
  if (identity === undefined || certificate === undefined) {
    throw new TlsError('TLS_CA_UNUSABLE', 'the file holds no key and certificate of a local CA', {
      field: file,
    });
  }
  if (certificate.notAfter.getTime() < Date.now()) {
    throw new TlsError('TLS_CA_UNUSABLE', 'the local CA has expired; remove its folder', {
      field: file,
    });
  }
  return { identity, certificate };
}

async function certificateFor(
  folder: string,
  ca: Certificate,
  signer: EcSigner,
  names: ServiceNames,
): Promise<ServiceTls> {
  const file = path.join(folder, `${names.service}.pem`);
  const kept = decodeIdentity((await readIfPresent(file)) ?? '');
  if (kept !== undefined && stillFits(kept, ca, names)) return kept;
  const text = issueServiceIdentity(ca, signer, names);
  await replaceFile(file, text, PRIVATE_FILE);
  const made = decodeIdentity(text);
  if (made === undefined)
    throw new TlsError('TLS_CA_UNUSABLE', 'the new certificate cannot be read', { field: file });
  return made;
}

function stillFits({ certificates }: Identity, ca: Certificate, names: ServiceNames): boolean {
  const [leaf] = certificates;
  if (leaf === undefined || !verifyCertificateSignature(leaf, ca)) return false;
  const renewAt = leaf.notAfter.getTime() - RENEW_BEFORE_DAYS * DAY_MS;
  return Date.now() < renewAt && carriesNames(leaf, names);
}

import { sha1 } from '@touchstone/bytes';
import { issueCertificate, toPem, type EcSigner, type NamePart } from '@touchstone/pki';
import type { Fault } from './faults';
import type { AuthoritySigners } from './keys';
import { PCK_CA_NAMES, ROOT_CRL_URL, ROOT_NAME, TCB_SIGNING_NAME } from './names';
import type { PckCa } from './processor-model';
import { CA_YEARS, DAY_MS, END_OF_TIME, ended, LEAF_YEARS, years, type Window } from './window';

/** A certificate of the authority's own, with the key it certifies. */
export interface IssuedCertificate {
  readonly der: Uint8Array;
  readonly pem: string;
  /** 20 bytes: for the authority's own certificates it is their subject key identifier, as Intel does. */
  readonly serial: Uint8Array;
}

export interface AuthorityCertificates {
  readonly root: IssuedCertificate;
  readonly ca: Readonly<Record<PckCa, IssuedCertificate>>;
  readonly tcbSigning: IssuedCertificate;
}

/** Subject key identifier: SHA-1 of the 65-byte point (RFC 5280 section 4.2.1.2, method 1). */
export const keyIdOf = (key: EcSigner): Uint8Array => sha1(key.publicKeyBytes);

export interface Founding {
  readonly signers: AuthoritySigners;
  readonly foundedAt: Date;
  readonly faults: ReadonlySet<Fault>;
  readonly at: Date;
}

/** The key that stands at the top: another one when the root has been replaced. */
export const rootSignerOf = ({ signers, faults }: Founding): EcSigner =>
  faults.has('root-replaced') ? signers.forger : signers.root;

/** Every certificate of the authority but the PCK certificates. Its bytes depend on the keys and faults alone. */
export function authorityCertificates(founding: Founding): AuthorityCertificates {
  const { signers } = founding;
  const root = rootCertificate(founding);
  const ca = (which: PckCa): IssuedCertificate =>
    issue(founding, {
      subject: PCK_CA_NAMES[which],
      key: signers.ca[which],
      isCa: true,
      window: window(founding, CA_YEARS, 'pck-ca-expired'),
      forged: founding.faults.has('pck-ca-forged'),
    });
  const tcbSigning = issue(founding, {
    subject: TCB_SIGNING_NAME,
    key: signers.tcbSigning,
    isCa: false,
    window: window(founding, LEAF_YEARS, 'tcb-signing-expired'),
    forged: founding.faults.has('tcb-signing-forged'),
  });
  return { root, ca: { processor: ca('processor'), platform: ca('platform') }, tcbSigning };
}

function rootCertificate(founding: Founding): IssuedCertificate {
  const { foundedAt, faults } = founding;
  const key = rootSignerOf(founding);
  const to = faults.has('root-reissued') ? new Date(END_OF_TIME.getTime() - DAY_MS) : END_OF_TIME;
  const serial = keyIdOf(key);
  const der = issueCertificate(
    {
      subject: ROOT_NAME,
      issuer: ROOT_NAME,
      serial,
      notBefore: foundedAt,
      notAfter: to,
      publicKeyBytes: key.publicKeyBytes,
      isCa: true,
      pathLength: 1,
      keyUsage: ['keyCertSign', 'cRLSign'],
      subjectKeyId: serial,
      authorityKeyId: serial,
      crlDistributionPoint: ROOT_CRL_URL,
    },
    key,
  );
  return { der, pem: toPem(der), serial };
}

interface BelowRoot {
  readonly subject: readonly NamePart[];
  readonly key: EcSigner;
  readonly isCa: boolean;
  readonly window: Window;
  readonly forged: boolean;
}

function issue(
  founding: Founding,
  { subject, key, isCa, window, forged }: BelowRoot,
): IssuedCertificate {
  const issuer = rootSignerOf(founding);
  const serial = keyIdOf(key);
  const der = issueCertificate(
    {
      subject,
      issuer: ROOT_NAME,
      serial,
      notBefore: window.from,
      notAfter: window.to,
      publicKeyBytes: key.publicKeyBytes,
      isCa,
      ...(isCa ? { pathLength: 0 } : {}),
      keyUsage: isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature', 'nonRepudiation'],
      subjectKeyId: serial,
      authorityKeyId: keyIdOf(issuer),
      crlDistributionPoint: ROOT_CRL_URL,
    },
    forged ? forgerBeside(issuer, founding.signers) : issuer,
  );
  return { der, pem: toPem(der), serial };
}

// With a replaced root the forger is the issuer, and then the true root's key is the wrong one.
const forgerBeside = (issuer: EcSigner, { root, forger }: AuthoritySigners): EcSigner =>
  issuer === forger ? root : forger;

function window({ foundedAt, faults, at }: Founding, count: number, expired: Fault): Window {
  const whole = years(foundedAt, count);
  return faults.has(expired) ? ended(whole, at) : whole;
}

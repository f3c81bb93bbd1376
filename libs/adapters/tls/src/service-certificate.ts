import { X509Certificate } from 'node:crypto';
import {
  ecSignerFromScalar,
  issueCertificate,
  newEcScalar,
  SERVER_AUTH,
  type Certificate,
  type EcSigner,
} from '@touchstone/pki';
import { sha1 } from '@touchstone/bytes';
import { systemRandom } from '@touchstone/runtime';
import { encodeIdentity } from './certificate-file';
import { DAY_MS, LEAF_DAYS } from './lifetimes';
import { newSerial } from './serial';

/** What a service's certificate is for. `localhost` and the loopback addresses are always added. */
export interface ServiceNames {
  /** Names the file and the subject, such as `key-vault`; also its host name in compose. */
  readonly service: string;
  /** Further host names; a wildcard stands for one label. */
  readonly dnsNames?: readonly string[];
  readonly ips?: readonly string[];
}

const LOOPBACK_IPS = ['127.0.0.1', '::1'];

const dnsNamesOf = ({ service, dnsNames = [] }: ServiceNames): string[] => [
  ...new Set(['localhost', service, ...dnsNames]),
];

const ipsOf = ({ ips = [] }: ServiceNames): string[] => [...new Set([...LOOPBACK_IPS, ...ips])];

/** A new P-256 key and its certificate under the CA, as the text of an identity file. */
export function issueServiceIdentity(
  ca: Certificate,
  caKey: EcSigner,
  names: ServiceNames,
): string {
  const key = ecSignerFromScalar(newEcScalar(systemRandom));
  const notBefore = new Date(Date.now() - DAY_MS);
  const der = issueCertificate(
    {
      subject: [{ type: 'CN', value: names.service }],
      issuer: ca.subject.der,
      serial: newSerial(),
      notBefore,
      notAfter: new Date(notBefore.getTime() + LEAF_DAYS * DAY_MS),
      publicKeyBytes: key.publicKeyBytes,
      isCa: false,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: [SERVER_AUTH],
      subjectKeyId: sha1(key.publicKeyBytes),
      authorityKeyId: sha1(caKey.publicKeyBytes),
      subjectAltNames: { dns: dnsNamesOf(names), ip: ipsOf(names) },
    },
    caKey,
  );
  return encodeIdentity(key, [der, ca.der]);
}

/** Whether the certificate carries every one of these names. */
export function carriesNames(leaf: Certificate, names: ServiceNames): boolean {
  const certificate = new X509Certificate(leaf.der);
  const carried = new Set(certificate.subjectAltName?.split(', ') ?? []);
  return (
    dnsNamesOf(names).every((name) => carried.has(`DNS:${name}`)) &&
    ipsOf(names).every((ip) => certificate.checkIP(ip) !== undefined)
  );
}

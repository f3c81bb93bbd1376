import { concat, fromHex, fromUtf8, sha256 } from '@touchstone/bytes';
import { encodePckExtension, SGX_EXTENSION_OID } from '@touchstone/collateral';
import { ecSignerFromScalar, issueCertificate, toPem } from '@touchstone/pki';
import { keyIdOf, type Founding, type IssuedCertificate } from './certificates';
import { PCK_CA_NAMES, PCK_NAME, pckCrlUrl } from './names';
import type { ProcessorModel } from './processor-model';
import { cpuSvnOf, tcbmOf, type Tcb } from './svn';
import { ended, LEAF_YEARS, wholeSeconds, years } from './window';

const SERIAL_BYTES = 20;
const PLATFORM_INSTANCE_BYTES = 16;

/** A platform as its certificates describe it. */
export interface CertifiedPlatform {
  readonly model: ProcessorModel;
  /** 32 lower-case hex digits. */
  readonly ppid: string;
  /** When it was made: its certificates begin then. */
  readonly since: Date;
}

/** Serial number of the PCK certificate of a platform at a TCB, 20 bytes: the same for the same pair, so a CRL can name it. */
export function pckSerial(ppid: string, tcb: Tcb): Uint8Array {
  const text = fromUtf8(`touchstone/pck-serial/${tcbmOf(tcb)}/`);
  const serial = sha256(text, fromHex(ppid)).slice(0, SERIAL_BYTES);
  // Never zero, and always 20 bytes long without its sign octet.
  serial[0] = (serial[0] ?? 0) | 0x40;
  return serial;
}

/** Issues the PCK certificate that holds the public key of `scalar` for this platform and TCB. */
export function pckCertificate(
  founding: Founding,
  platform: CertifiedPlatform,
  tcb: Tcb,
  scalar: Uint8Array,
): IssuedCertificate {
  const { signers, faults, at } = founding;
  const { model } = platform;
  const issuer = signers.ca[model.ca];
  const key = faults.has('pck-certificate-other-key') ? signers.forger : ecSignerFromScalar(scalar);
  const whole = years(wholeSeconds(platform.since), LEAF_YEARS);
  const window = faults.has('pck-certificate-expired') ? ended(whole, at) : whole;
  const serial = pckSerial(platform.ppid, tcb);
  const der = issueCertificate(
    {
      subject: PCK_NAME,
      issuer: PCK_CA_NAMES[model.ca],
      serial,
      notBefore: window.from,
      notAfter: window.to,
      publicKeyBytes: key.publicKeyBytes,
      isCa: false,
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      subjectKeyId: keyIdOf(key),
      authorityKeyId: keyIdOf(issuer),
      crlDistributionPoint: pckCrlUrl(model.ca),
      extra: faults.has('pck-certificate-no-extension')
        ? []
        : [sgxExtension(founding, platform, tcb)],
    },
    faults.has('pck-certificate-forged') ? signers.forger : issuer,
  );
  return { der, pem: toPem(der), serial };
}

function sgxExtension({ faults }: Founding, { model, ppid }: CertifiedPlatform, tcb: Tcb) {
  const { multiPackage } = model;
  const cpuSvn = cpuSvnOf(tcb);
  if (faults.has('pck-certificate-cpusvn-mismatch')) cpuSvn[0] = (cpuSvn[0] ?? 0) ^ 1;
  const value = encodePckExtension({
    ppid: fromHex(ppid),
    tcb: { components: [...tcb.components], pceSvn: tcb.pceSvn, cpuSvn },
    pceId: new Uint8Array(2),
    fmspc: faults.has('pck-certificate-other-fmspc') ? new Uint8Array(6) : fromHex(model.fmspc),
    sgxType: model.sgxType,
    ...(multiPackage
      ? { platformInstanceId: platformInstanceId(ppid), configuration: multiPackage }
      : {}),
  });
  return { oid: SGX_EXTENSION_OID, critical: false, value };
}

/** One name for the whole multi-package platform; a simulated one is the set of packages that its PPID stands for. */
const platformInstanceId = (ppid: string): Uint8Array =>
  sha256(concat(fromUtf8('touchstone/platform-instance/'), fromHex(ppid))).slice(
    0,
    PLATFORM_INSTANCE_BYTES,
  );

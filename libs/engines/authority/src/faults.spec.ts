import { toHex } from '@touchstone/bytes';
import { parseEnclaveIdentity, parsePckExtension, parseTcbInfo } from '@touchstone/collateral';
import {
  parseCertificate,
  parseCrl,
  verifyCertificateSignature,
  verifyCrlSignature,
  verifyEcdsaP256,
} from '@touchstone/pki';
import { anAuthority, AT, seeded } from './__fixtures__/authority';
import type { Authority } from './authority';
import { FAULTS, isFault, type Fault } from './faults';
import { MODEL_E3 } from './processor-model';
import { INITIAL_STATE, withFaults } from './state';

const sound = anAuthority();
const { platform, tcb } = sound.manufacture(seeded(3), { model: MODEL_E3.name, at: AT });

/** What each part of the authority's output amounts to; a fault changes exactly the parts that its name says. */
function observe(authority: Authority) {
  const { root, ca, tcbSigning } = authority.certificates(AT);
  const [rootCert, caCert, tcbCert] = [root, ca.processor, tcbSigning].map(({ der }) =>
    parseCertificate(der),
  );
  const leaf = parseCertificate(authority.pckCertificate(platform, tcb, AT).der);
  if (!rootCert || !caCert || !tcbCert) throw new Error('certificates are missing');
  const pckCrl = parseCrl(authority.pckCrl('processor', AT));
  const rootCrl = parseCrl(authority.rootCrl(AT));
  const infoBody = authority.tcbInfo(MODEL_E3.fmspc, AT);
  const duplicate = new Set(levelTexts(infoBody)).size < levelTexts(infoBody).length;
  const info = duplicate ? undefined : parseTcbInfo(infoBody);
  const identity = parseEnclaveIdentity(authority.qeIdentity(AT));
  const signs = (document?: { signedBytes: Uint8Array; signature: Uint8Array }) =>
    document &&
    verifyEcdsaP256(tcbCert.publicKey, document.signedBytes, document.signature, 'ieee-p1363');
  const current = ({ notAfter }: { notAfter: Date }) => notAfter > AT;
  const fresh = ({ nextUpdate }: { nextUpdate: Date }) => nextUpdate > AT;
  return {
    rootKey: toHex(rootCert.publicKeyBytes) === toHex(sound.anchor.publicKey),
    rootSame: toHex(rootCert.der) === toHex(sound.rootCertificate),
    caSigned: verifyCertificateSignature(caCert, rootCert),
    caCurrent: current(caCert),
    caRevoked: rootCrl.revoked.has(caCert.serialNumber),
    tcbSigned: verifyCertificateSignature(tcbCert, rootCert),
    tcbCurrent: current(tcbCert),
    tcbRevoked: rootCrl.revoked.has(tcbCert.serialNumber),
    leafSigned: verifyCertificateSignature(leaf, caCert),
    leafCurrent: current(leaf),
    leafKey: toHex(leaf.publicKeyBytes) === toHex(soundLeaf.publicKeyBytes),
    leafExtension: describe1(() => parsePckExtension(leaf)),
    pckCrlSigned: verifyCrlSignature(pckCrl, caCert),
    pckCrlIssuer: pckCrl.issuer.text === caCert.subject.text,
    pckCrlFresh: fresh(pckCrl),
    rootCrlSigned: verifyCrlSignature(rootCrl, rootCert),
    rootCrlFresh: fresh(rootCrl),
    infoDuplicate: duplicate,
    infoSigned: signs(info) ?? true,
    infoFresh: info ? fresh(info) : true,
    infoFmspc: info?.fmspc ?? MODEL_E3.fmspc.toLowerCase(),
    infoPceId: info?.pceId ?? '0000',
    infoTop: info?.tcbLevels[0]?.tcbStatus ?? 'UpToDate',
    infoReachable: info ? info.tcbLevels.length > 1 : true,
    identitySigned: signs(identity),
    identityFresh: fresh(identity),
    identitySigner: toHex(identity.mrsigner) === toHex(sound.mrSigner),
    identityProduct: identity.isvProdId,
    identityTop: identity.tcbLevels[0]?.tcbStatus,
    identityReachable: (identity.tcbLevels[0]?.isvSvn ?? 0) < 0xffff,
  };
}

const soundLeaf = parseCertificate(sound.pckCertificate(platform, tcb, AT).der);

function describe1(read: () => ReturnType<typeof parsePckExtension>): string {
  try {
    const { fmspc, tcb: found } = read();
    const same = Buffer.compare(Buffer.from(found.cpuSvn), Buffer.from(found.components)) === 0;
    return `${toHex(fmspc)} ${same ? 'consistent' : 'inconsistent'}`;
  } catch {
    return 'absent';
  }
}

function levelTexts(body: Uint8Array): string[] {
  const { tcbInfo }: { tcbInfo: { tcbLevels: { tcb: unknown }[] } } = JSON.parse(
    Buffer.from(body).toString(),
  );
  return tcbInfo.tcbLevels.map((level) => JSON.stringify(level.tcb));
}

const expected: Record<Fault, Partial<ReturnType<typeof observe>>> = {
  'pck-certificate-expired': { leafCurrent: false },
  'pck-certificate-forged': { leafSigned: false },
  'pck-certificate-other-fmspc': { leafExtension: '000000000000 consistent' },
  'pck-certificate-other-key': { leafKey: false },
  'pck-certificate-no-extension': { leafExtension: 'absent' },
  'pck-certificate-cpusvn-mismatch': { leafExtension: 'e3a067110000 inconsistent' },
  'pck-ca-expired': { caCurrent: false },
  'pck-ca-forged': { caSigned: false },
  'pck-ca-revoked': { caRevoked: true },
  'root-reissued': { rootSame: false },
  'root-replaced': { rootSame: false, rootKey: false },
  'root-crl-expired': { rootCrlFresh: false },
  'root-crl-forged': { rootCrlSigned: false },
  'pck-crl-expired': { pckCrlFresh: false },
  'pck-crl-forged': { pckCrlSigned: false },
  'pck-crl-other-ca': { pckCrlSigned: false, pckCrlIssuer: false },
  'tcb-signing-expired': { tcbCurrent: false },
  'tcb-signing-forged': { tcbSigned: false },
  'tcb-signing-revoked': { tcbRevoked: true },
  'tcb-info-expired': { infoFresh: false },
  'tcb-info-forged': { infoSigned: false },
  'tcb-info-tampered': { infoSigned: false },
  'tcb-info-other-fmspc': { infoFmspc: '000000000000' },
  'tcb-info-other-pceid': { infoPceId: '0100' },
  'tcb-info-no-level': { infoReachable: false },
  'tcb-info-duplicate-level': { infoDuplicate: true },
  'tcb-out-of-date': { infoTop: 'OutOfDate' },
  'tcb-out-of-date-configuration-needed': { infoTop: 'OutOfDateConfigurationNeeded' },
  'tcb-configuration-needed': { infoTop: 'ConfigurationNeeded' },
  'tcb-sw-hardening-needed': { infoTop: 'SWHardeningNeeded' },
  'tcb-configuration-and-sw-hardening-needed': { infoTop: 'ConfigurationAndSWHardeningNeeded' },
  'tcb-revoked': { infoTop: 'Revoked' },
  'qe-identity-expired': { identityFresh: false },
  'qe-identity-forged': { identitySigned: false },
  'qe-identity-tampered': { identitySigned: false },
  'qe-identity-other-signer': { identitySigner: false },
  'qe-identity-other-product': { identityProduct: 2 },
  'qe-out-of-date': { identityTop: 'OutOfDate' },
  'qe-revoked': { identityTop: 'Revoked' },
  'qe-no-level': { identityReachable: false },
};

describe('a fault', () => {
  const whole = observe(sound);

  it.each(Object.keys(FAULTS).filter(isFault))('breaks only what it says: %s', (fault) => {
    const broken = sound.withState(withFaults(INITIAL_STATE, [fault], AT));
    expect(observe(broken)).toEqual({ ...whole, ...expected[fault] });
  });

  it('is known by name alone', () => {
    expect(isFault('toString')).toBe(false);
  });
});

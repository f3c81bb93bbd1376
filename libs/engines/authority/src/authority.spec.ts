import { createPublicKey, publicEncrypt, constants } from 'node:crypto';
import { fromHex, toHex } from '@touchstone/bytes';
import {
  parseEnclaveIdentity,
  parsePckExtension,
  parseTcbInfo,
  SGX_EXTENSION_OID,
} from '@touchstone/collateral';
import {
  ecSignerFromScalar,
  parseCertificate,
  parseCrl,
  parsePemChain,
  verifyCertificateSignature,
  verifyCrlSignature,
  verifyEcdsaP256,
} from '@touchstone/pki';
import {
  parseSigstruct,
  PCE_IDENTITY,
  pceIdentity,
  pckScalar,
  QE_IDENTITY,
  verifySigstruct,
} from '@touchstone/platform';
import { anAuthority, AT, seeded } from './__fixtures__/authority';
import { createAuthority } from './authority';
import { newAuthorityKeys } from './keys';
import { MODEL_E3, MODEL_E5, PROCESSOR_MODELS } from './processor-model';
import { withPlatformRevoked } from './state';
import { cpuSvnOf } from './svn';

const authority = anAuthority();
const certificate = (which: 'root' | 'processor' | 'platform' | 'tcbSigning') => {
  const { root, ca, tcbSigning } = authority.certificates(AT);
  return parseCertificate({ root, tcbSigning, ...ca }[which].der);
};

describe('the certificates of an authority', () => {
  it.each(['root', 'processor', 'platform', 'tcbSigning'] as const)(
    'has all that Intel’s verifier wants on %s',
    (which) => {
      const found = certificate(which);
      const root = certificate('root');
      expect(found.version).toBe(3);
      expect(found.issuer.der).toEqual(root.subject.der);
      expect(verifyCertificateSignature(found, root)).toBe(true);
      expect(found.subjectKeyId).toHaveLength(20);
      expect(found.authorityKeyId).toEqual(root.subjectKeyId);
      expect(fromHex(found.serialNumber.padStart(40, '0'))).toEqual(found.subjectKeyId);
      expect(found.crlDistributionPoints).toEqual([
        'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der',
      ]);
      expect(found.notBefore.getTime()).toBeLessThanOrEqual(AT.getTime());
    },
  );

  it('names them as Intel does', () => {
    expect(certificate('root').subject.text).toBe(
      'C=US,ST=CA,L=Santa Clara,O=Intel Corporation,CN=Intel SGX Root CA',
    );
    expect(certificate('processor').subject.commonName).toBe('Intel SGX PCK Processor CA');
    expect(certificate('platform').subject.commonName).toBe('Intel SGX PCK Platform CA');
    expect(certificate('tcbSigning').subject.commonName).toBe('Intel SGX TCB Signing');
  });

  it('lets only CAs sign certificates', () => {
    expect(certificate('root').basicConstraints).toEqual({ ca: true, pathLength: 1 });
    expect(certificate('platform').basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(certificate('tcbSigning').basicConstraints).toEqual({ ca: false });
    expect(certificate('processor').keyUsage).toEqual(new Set(['keyCertSign', 'cRLSign']));
    expect(certificate('tcbSigning').keyUsage).toEqual(
      new Set(['digitalSignature', 'nonRepudiation']),
    );
  });

  it('gives the anchor’s key to the root', () => {
    expect(certificate('root').publicKeyBytes).toEqual(authority.anchor.publicKey);
    expect(authority.rootCertificate).toEqual(certificate('root').der);
  });

  it('is the same authority, byte for byte, from the same randomness', () => {
    const rsaKeys = authority.keys;
    const [one, other] = [7, 7].map((seed) =>
      createAuthority({ random: seeded(seed), at: AT, rsaKeys }),
    );
    expect(one?.certificates(AT)).toEqual(other?.certificates(AT));
    expect(one?.rootCrl(AT)).toEqual(other?.rootCrl(AT));
    expect(one?.anchor).not.toEqual(authority.anchor);
  });

  it('is another authority from other randomness', () => {
    const keys = newAuthorityKeys(seeded(2), AT, authority.keys);
    expect(createAuthority({ keys }).anchor.publicKey).not.toEqual(authority.anchor.publicKey);
  });

  it('refuses an RSA key of the wrong kind', () => {
    const { ppidEncryption } = authority.keys;
    const keys = { ...authority.keys, enclaveSigning: ppidEncryption };
    expect(() => createAuthority({ keys })).toThrow(
      expect.objectContaining({ code: 'AUTHORITY_KEYS_MALFORMED', field: 'enclaveSigning' }),
    );
  });
});

describe('a PCK certificate', () => {
  const { platform, tcb } = authority.manufacture(seeded(3), { model: MODEL_E5.name, at: AT });
  const issued = authority.pckCertificate(platform, tcb, AT);
  const leaf = parseCertificate(issued.der);

  it('is signed by the model’s CA and lasts seven years', () => {
    expect(verifyCertificateSignature(leaf, certificate('platform'))).toBe(true);
    expect(leaf.notBefore.toISOString()).toBe('2026-11-22T10:11:12.000Z');
    expect(leaf.notAfter.toISOString()).toBe('2033-11-22T10:11:12.000Z');
    expect(leaf.crlDistributionPoints).toEqual([
      'https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der',
    ]);
  });

  it('tells the platform and its TCB', () => {
    const extension = parsePckExtension(leaf);
    expect(toHex(extension.ppid)).toBe(platform.ppid);
    expect(toHex(extension.fmspc)).toBe(MODEL_E5.fmspc.toLowerCase());
    expect(extension.tcb).toEqual({ ...tcb, cpuSvn: cpuSvnOf(tcb) });
    expect(extension.sgxType).toBe('Scalable');
    expect(extension.platformInstanceId).toHaveLength(16);
    expect(extension.configuration).toEqual(MODEL_E5.multiPackage);
    expect(leaf.extensions.get(SGX_EXTENSION_OID)?.critical).toBe(false);
  });

  it('leaves platform instance and configuration out for the Processor CA', () => {
    const made = authority.manufacture(seeded(4), { model: MODEL_E3.name, at: AT });
    const [best] = authority.pckCertificates(made.platform, AT);
    const extension = parsePckExtension(parseCertificate(best?.der ?? new Uint8Array()));
    expect(extension).not.toHaveProperty('platformInstanceId');
    expect(extension).not.toHaveProperty('configuration');
  });

  it('holds the key that the platform itself derives for that TCB', () => {
    const pce = pceIdentity(authority.mrSigner);
    const scalar = pckScalar(platform.rootProvisioningKey, pce, cpuSvnOf(tcb), tcb.pceSvn);
    expect(leaf.publicKeyBytes).toEqual(ecSignerFromScalar(scalar).publicKeyBytes);
  });

  it('has another key and serial number at every TCB', () => {
    const all = authority.pckCertificates(platform, AT).map(({ der }) => parseCertificate(der));
    expect(new Set(all.map((one) => toHex(one.publicKeyBytes))).size).toBe(all.length);
    expect(new Set(all.map((one) => one.serialNumber)).size).toBe(all.length);
  });

  it('is chosen as the highest one not above the raw TCB', () => {
    const [newest, older] = authority.certifiedTcbs(MODEL_E5, AT);
    if (!newest || !older) throw new Error('two levels are needed');
    const between = { ...newest, pceSvn: newest.pceSvn - 1 };
    expect(authority.bestPckCertificate(platform, newest, AT).tcb).toEqual(newest);
    expect(authority.bestPckCertificate(platform, between, AT).tcb.pceSvn).toBeLessThan(
      newest.pceSvn,
    );
  });

  it('is refused below the lowest certified TCB', () => {
    const low = { ...MODEL_E5.base, pceSvn: 1 };
    expect(() => authority.bestPckCertificate(platform, low, AT)).toThrow(
      expect.objectContaining({ code: 'AUTHORITY_TCB_TOO_LOW' }),
    );
  });
});

describe('the SVNs of the newest level', () => {
  it.each(PROCESSOR_MODELS)('are those of the architectural enclaves: $name', (model) => {
    expect(authority.certifiedTcbs(model, AT)[0]?.pceSvn).toBe(PCE_IDENTITY.isvSvn);
    const identity = parseEnclaveIdentity(authority.qeIdentity(AT));
    expect(identity.tcbLevels[0]).toMatchObject({
      isvSvn: QE_IDENTITY.isvSvn,
      tcbStatus: 'UpToDate',
    });
  });
});

describe('CRLs', () => {
  it.each(['processor', 'platform'] as const)('of the %s CA are empty and last 30 days', (ca) => {
    const crl = parseCrl(authority.pckCrl(ca, AT));
    expect(verifyCrlSignature(crl, certificate(ca))).toBe(true);
    expect(crl.issuer.der).toEqual(certificate(ca).subject.der);
    expect(crl.authorityKeyId).toEqual(certificate(ca).subjectKeyId);
    expect(crl.crlNumber).toBeGreaterThan(0n);
    expect(crl.revoked.size).toBe(0);
    expect(crl.thisUpdate.toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect(crl.nextUpdate.toISOString()).toBe('2026-12-22T00:00:00.000Z');
  });

  it('of the root last a year', () => {
    const crl = parseCrl(authority.rootCrl(AT));
    expect(verifyCrlSignature(crl, certificate('root'))).toBe(true);
    expect(crl.nextUpdate.toISOString()).toBe('2027-11-22T00:00:00.000Z');
  });

  it('list every certificate of a revoked platform, in its own CA’s list alone', () => {
    const { platform } = authority.manufacture(seeded(3), { model: MODEL_E5.name, at: AT });
    const later = new Date(AT.getTime() + 60_000);
    const changed = authority.withState(withPlatformRevoked(authority.state, platform, later));
    const serials = changed
      .pckCertificates(platform, later)
      .map(({ der }) => parseCertificate(der).serialNumber);
    const crl = parseCrl(changed.pckCrl('platform', later));
    expect([...crl.revoked.keys()].toSorted()).toEqual(serials.toSorted());
    expect(parseCrl(changed.pckCrl('processor', later)).revoked.size).toBe(0);
    expect(crl.thisUpdate.toISOString()).toBe('2026-11-22T10:12:12.000Z');
    expect(crl.crlNumber).toBeGreaterThan(
      parseCrl(authority.pckCrl('platform', later)).crlNumber ?? 0n,
    );
  });
});

describe('signed documents', () => {
  const signer = createPublicKey({
    key: Buffer.from(certificate('tcbSigning').spki),
    format: 'der',
    type: 'spki',
  });

  it('judge the newest TCB as up to date, and the ones before as out of date', () => {
    const info = parseTcbInfo(authority.tcbInfo(MODEL_E5.fmspc, AT, { update: 'early' }));
    expect(verifyEcdsaP256(signer, info.signedBytes, info.signature, 'ieee-p1363')).toBe(true);
    expect(info.tcbLevels.map(({ tcbStatus }) => tcbStatus)).toEqual([
      'UpToDate',
      'OutOfDate',
      'OutOfDate',
      'OutOfDate',
    ]);
    expect(info.tcbLevels[0]?.advisoryIds).toEqual([]);
    expect(info.tcbLevels[3]?.advisoryIds).toEqual([
      'INTEL-SA-01079',
      'INTEL-SA-01244',
      'INTEL-SA-01247',
      'INTEL-SA-01313',
    ]);
    expect(info.tcbLevels.map(({ tcbDate }) => tcbDate.toISOString().slice(0, 10))).toEqual([
      '2025-08-13',
      '2025-05-14',
      '2024-11-13',
      '2024-03-13',
    ]);
  });

  it('are compact JSON that survives a re-serialisation', () => {
    const text = Buffer.from(authority.tcbInfo(MODEL_E3.fmspc, AT)).toString();
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });

  it('have levels highest first, with and without a safe configuration', () => {
    const info = parseTcbInfo(authority.tcbInfo(MODEL_E3.fmspc, AT, { update: 'early' }));
    expect(info.tcbLevels.slice(0, 4).map(({ tcbStatus }) => tcbStatus)).toEqual([
      'UpToDate',
      'ConfigurationNeeded',
      'OutOfDate',
      'OutOfDateConfigurationNeeded',
    ]);
  });

  it('follow the evaluation number that is asked for', () => {
    const named = authority.tcbInfo(MODEL_E3.fmspc, AT, { evaluationDataNumber: 18 });
    expect(parseTcbInfo(named).tcbEvaluationDataNumber).toBe(18);
    const identity = authority.qeIdentity(AT, { evaluationDataNumber: 18 });
    expect(parseEnclaveIdentity(identity).tcbEvaluationDataNumber).toBe(18);
  });

  it.each([
    [16, 'AUTHORITY_EVALUATION_GONE'],
    [99, 'AUTHORITY_EVALUATION_UNKNOWN'],
    [0, 'AUTHORITY_EVALUATION_UNKNOWN'],
  ])('refuse evaluation number %i', (evaluationDataNumber, code) => {
    expect(() => authority.qeIdentity(AT, { evaluationDataNumber })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuse an unknown FMSPC', () => {
    expect(() => authority.tcbInfo('00906ED50000', AT)).toThrow(
      expect.objectContaining({ code: 'AUTHORITY_FMSPC_UNKNOWN' }),
    );
  });

  it('come in version 2 for the older API', () => {
    const info = parseTcbInfo(authority.tcbInfo(MODEL_E3.fmspc, AT, { version: 2 }));
    expect(info.version).toBe(2);
    expect(verifyEcdsaP256(signer, info.signedBytes, info.signature, 'ieee-p1363')).toBe(true);
  });

  it('are the same bytes all day', () => {
    const evening = new Date('2026-11-22T23:59:59Z');
    expect(authority.tcbInfo(MODEL_E3.fmspc, evening)).toEqual(
      authority.tcbInfo(MODEL_E3.fmspc, AT),
    );
  });

  it.each(['QE', 'QVE', 'QAE', 'TD_QE'] as const)('identify %s', (id) => {
    const identity = parseEnclaveIdentity(authority.enclaveIdentity(id, AT));
    expect(identity.id).toBe(id);
    expect(identity.mrsigner).toEqual(authority.mrSigner);
    expect(verifyEcdsaP256(signer, identity.signedBytes, identity.signature, 'ieee-p1363')).toBe(
      true,
    );
  });

  it('list the evaluation numbers, newest first', () => {
    const body: unknown = JSON.parse(
      Buffer.from(authority.evaluationDataNumbers('SGX', AT)).toString(),
    );
    expect(body).toMatchObject({
      tcbEvaluationDataNumbers: {
        id: 'SGX',
        version: 1,
        tcbEvalNumbers: [20, 19, 18, 17].map((tcbEvaluationDataNumber) =>
          expect.objectContaining({ tcbEvaluationDataNumber }),
        ),
      },
      signature: expect.stringMatching(/^[0-9a-f]{128}$/),
    });
  });
});

describe('issuer chains', () => {
  it('end in the root', () => {
    const names = (pem: string) => parsePemChain(pem).map(({ subject }) => subject.commonName);
    expect(names(authority.pckIssuerChain('processor', AT))).toEqual([
      'Intel SGX PCK Processor CA',
      'Intel SGX Root CA',
    ]);
    expect(names(authority.tcbIssuerChain(AT))).toEqual([
      'Intel SGX TCB Signing',
      'Intel SGX Root CA',
    ]);
  });
});

describe('an encrypted PPID', () => {
  const encrypt = (plain: Uint8Array): Uint8Array =>
    publicEncrypt(
      {
        key: authority.ppid.publicKeyPem,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      plain,
    );

  it('is read back', () => {
    const ppid = seeded(9).bytes(16);
    expect(authority.ppid.decrypt(encrypt(ppid))).toEqual(ppid);
  });

  it.each([
    ['zeros', new Uint8Array(384)],
    ['another length', new Uint8Array(383)],
    ['a value of another length', encrypt(new Uint8Array(17))],
  ])('is refused when it holds %s', (_name, bytes) => {
    expect(() => authority.ppid.decrypt(bytes)).toThrow(
      expect.objectContaining({ code: 'AUTHORITY_PPID_UNREADABLE' }),
    );
  });
});

describe('an architectural enclave', () => {
  it('is signed with the identity that the platform expects', () => {
    const mrEnclave = seeded(5).bytes(32);
    const sigstruct = parseSigstruct(authority.signEnclave({ enclave: 'qe', mrEnclave }, AT));
    expect(verifySigstruct(sigstruct).mrSigner).toEqual(authority.mrSigner);
    expect(sigstruct).toMatchObject({
      enclaveHash: mrEnclave,
      isvProdId: QE_IDENTITY.isvProdId,
      isvSvn: QE_IDENTITY.isvSvn,
    });
  });

  it('is refused without a whole measurement', () => {
    const mrEnclave = new Uint8Array(31);
    expect(() => authority.signEnclave({ enclave: 'pce', mrEnclave }, AT)).toThrow(
      expect.objectContaining({ code: 'AUTHORITY_ENCLAVE_REFUSED' }),
    );
  });
});

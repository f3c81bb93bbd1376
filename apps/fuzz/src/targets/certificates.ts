import { equal, fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import { encodePckExtension, parsePckExtension } from '@touchstone/collateral';
import {
  type Certificate,
  DerReader,
  Tag,
  assertDer,
  parseCertificate,
  parseCrl,
  parsePemChain,
  toPem,
  verifyCertificateSignature,
  verifyCrlSignature,
} from '@touchstone/pki';
import { mutateDer } from '../der-mutations';
import { rsaCertificates } from '../rsa-seeds';
import { simulated } from '../seeds';
import { type FuzzTarget, orRefusal, promise } from '../target';
import { mutatePem } from '../wrapped-mutations';

const words = [
  '3080',
  '0000',
  '308400ffffff',
  '0201ff',
  '020100',
  '0500',
  '170d3939313233313233353935395a',
  '180f32303530303230313132303030305a',
  '06032a0304',
  '06092b060104019a6d0101',
  '060a2a864886f84d010d0102',
  '06082a8648ce3d030107',
  '06082a8648ce3d040302',
  '0603551d0f',
  '0603551d13',
  '0603551d1f',
  '0603551d23',
  '0101ff',
  '030100',
];
const derTokens = words.map((hex) => fromHex(hex));
const pemTokens = [
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '-----BEGIN X509 CRL-----',
  '\r\n',
  '\0',
  '=',
].map(fromUtf8);

/** Whether the smaller bytes are a piece of the larger. */
const contains = (whole: Uint8Array, part: Uint8Array): boolean =>
  Buffer.from(whole).includes(Buffer.from(part));

/** Everything that a caller may ask of a parsed certificate. */
function use(
  certificate: Certificate,
  issuers: readonly Certificate[],
  genuine: ReadonlySet<string>,
): string {
  const { tbs, der, publicKeyBytes, subject, issuer } = certificate;
  promise('what is signed is what arrived', contains(der, tbs));
  const key = orRefusal(() => certificate.publicKey);
  const signed = issuers.some((ca) => verifyCertificateSignature(certificate, ca));
  promise('only genuine bytes verify', !signed || genuine.has(toHex(tbs)));
  const extension = orRefusal(() => parsePckExtension(certificate));
  return [
    publicKeyBytes.length === 65,
    key !== undefined,
    signed,
    extension !== undefined,
    subject.text === issuer.text,
  ].join(' ');
}

/** Each certificate authority once, whichever chains it stands in. */
const authoritiesAmong = (certificates: readonly Certificate[]): readonly Certificate[] => [
  ...new Map(
    certificates
      .filter(({ basicConstraints }) => basicConstraints?.ca)
      .map((certificate) => [toHex(certificate.spki), certificate]),
  ).values(),
];

/** Certificates, CRLs and what Intel puts into them. */
export function certificateTargets(): readonly FuzzTarget[] {
  const { certificates, collateral, pckChain, pckCertificate } = simulated();
  const issuers = authoritiesAmong(certificates);
  const genuine = new Set(certificates.map(({ tbs }) => toHex(tbs)));
  const ders = [...certificates.map(({ der }) => der), ...rsaCertificates()];
  const crls = [collateral.pckCrl, collateral.rootCaCrl];
  const crlForms = crls.flatMap((crl) => [
    crl,
    fromUtf8(toPem(crl, 'X509 CRL')),
    fromUtf8(toHex(crl)),
  ]);
  const genuineCrls = new Set(crls.map((crl) => toHex(parseCrl(crl).tbs)));
  const extension = encodePckExtension(parsePckExtension(pckCertificate));

  return [
    {
      name: 'der',
      seeds: ders,
      tokens: derTokens,
      shape: mutateDer,
      run(input) {
        assertDer(input, 'input');
        const reader = new DerReader(input);
        while (!reader.done) reader.next('input');
        return 'well-formed';
      },
    },
    {
      name: 'certificate',
      seeds: ders,
      tokens: derTokens,
      shape: mutateDer,
      run(input) {
        const certificate = parseCertificate(input);
        promise('a certificate is its input', equal(certificate.der, input));
        return use(certificate, issuers, genuine);
      },
    },
    {
      name: 'pck-extension',
      seeds: [extension],
      tokens: derTokens,
      shape: mutateDer,
      run(input) {
        const { extensions } = pckCertificate;
        const replaced = new Map(extensions);
        for (const oid of extensions.keys()) {
          if (oid.startsWith('1.2.840.113741'))
            replaced.set(oid, { critical: false, value: input });
        }
        // A certificate whose other fields are sound: only the extension is in question.
        const read = parsePckExtension(
          Object.create(pckCertificate, { extensions: { value: replaced } }),
        );
        promise('an extension survives a second writing', encodePckExtension(read).length > 0);
        return `${read.sgxType} ${read.configuration !== undefined}`;
      },
    },
    {
      name: 'pem-chain',
      seeds: [pckChain, collateral.tcbInfoIssuerChain, `${pckChain}\0`].map(fromUtf8),
      tokens: pemTokens,
      shape: mutatePem,
      run(input) {
        const chain = parsePemChain(input);
        const again = parsePemChain(chain.map(({ der }) => toPem(der)).join(''));
        const same = again.every(({ der }, index) =>
          equal(der, chain[index]?.der ?? new Uint8Array()),
        );
        promise('a chain survives a second writing', same && again.length === chain.length);
        return `${chain.length}`;
      },
    },
    {
      name: 'crl',
      seeds: crlForms,
      tokens: [...derTokens, ...pemTokens],
      shape: (bytes, material) =>
        bytes[0] === Tag.sequence ? mutateDer(bytes, material) : mutatePem(bytes, material),
      run(input) {
        const crl = parseCrl(input);
        promise('what is signed is what arrived', contains(crl.der, crl.tbs));
        const signed = issuers.some((ca) => verifyCrlSignature(crl, ca));
        promise('only genuine bytes verify', !signed || genuineCrls.has(toHex(crl.tbs)));
        return `${Math.min(crl.revoked.size, 2)} ${signed} ${crl.crlNumber !== undefined}`;
      },
    },
  ];
}

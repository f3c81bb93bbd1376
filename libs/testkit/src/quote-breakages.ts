import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import { type EcSigner, ecSignerFromScalar, toPem } from '@touchstone/pki';
import {
  AttributeFlag,
  type Quote,
  type QuoteParts,
  type SgxReportBody,
  attributes,
  encodeQuote,
  encodeReportBody,
  encodeSignedRegion,
  parseQuote,
} from '@touchstone/quote';
import { pckKeyOf } from './pck-key';
import type { TestPlatform } from './platform';

interface Forger {
  readonly platform: TestPlatform;
  readonly quote: Quote;
  /** The PCK private key of the platform, as whoever broke its processor would have it. */
  readonly pck: EcSigner;
}

type Forgery = (forger: Forger) => Uint8Array;

const otherKey = ecSignerFromScalar(sha256(fromUtf8('another attestation key')));
const certificationData = (text: string) => ({ type: 5, bytes: fromUtf8(`${text}\0`) });
const pemOf = ({ quote }: Forger): string =>
  Buffer.from(quote.certificationData.bytes).toString('latin1').replace(/\0$/, '');
const pemBlocks = (forger: Forger): string[] =>
  pemOf(forger).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];

/** The quote with some parts exchanged and nothing signed again. */
const changed = ({ quote }: Forger, parts: Partial<QuoteParts>): Uint8Array =>
  encodeQuote({ ...quote, ...parts } as QuoteParts);

/** The quote with another QE report, which the platform's PCK key signs. */
function certified(
  forger: Forger,
  report: Partial<SgxReportBody>,
  parts: Partial<QuoteParts> = {},
): Uint8Array {
  const qeReport = { ...forger.quote.qeReport, ...report };
  const qeReportSignature = forger.pck.signRaw(encodeReportBody(qeReport));
  return changed(forger, { ...parts, qeReport, qeReportSignature });
}

/** Report data that binds a key and authentication data, as the QE makes it. */
const binding = (attestationKey: Uint8Array, authData: Uint8Array): Uint8Array =>
  concat(sha256(attestationKey, authData), new Uint8Array(32));

/** The quote with other authentication data, bound and certified as it should be. */
function withAuthData(forger: Forger, length: number): Uint8Array {
  const authData = new Uint8Array(length).fill(0xa5);
  return certified(
    forger,
    { reportData: binding(forger.quote.attestationKey, authData) },
    { authData },
  );
}

function withFlippedBit(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

const swapped = (signature: Uint8Array): Uint8Array =>
  concat(signature.subarray(32), signature.subarray(0, 32));

/** What can be wrong with a quote, one thing at a time; the first word says which part. */
export const QUOTE_BREAKAGES = {
  'body-mrenclave': ({ quote, ...rest }) =>
    changed({ quote, ...rest }, {
      body: {
        ...quote.body,
        ...('mrEnclave' in quote.body ? { mrEnclave: withFlippedBit(quote.body.mrEnclave) } : {}),
      },
    } as Partial<QuoteParts>),
  'header-user-data': (forger) =>
    changed(forger, {
      header: { ...forger.quote.header, userData: withFlippedBit(forger.quote.header.userData) },
    }),
  'signature-zero': (forger) => changed(forger, { signature: new Uint8Array(64) }),
  'signature-swapped': (forger) => changed(forger, { signature: swapped(forger.quote.signature) }),
  'attestation-key-other': (forger) =>
    changed(forger, {
      attestationKey: otherKey.publicKeyBytes.slice(1),
      signature: otherKey.signRaw(encodeSignedRegion(forger.quote)),
    }),
  'attestation-key-off-curve': (forger) => {
    const attestationKey = withFlippedBit(forger.quote.attestationKey);
    return certified(
      forger,
      { reportData: binding(attestationKey, forger.quote.authData) },
      { attestationKey },
    );
  },
  'auth-data-other': (forger) =>
    changed(forger, { authData: withFlippedBit(forger.quote.authData) }),
  'auth-data-empty': (forger) => withAuthData(forger, 0),
  'auth-data-longest': (forger) => withAuthData(forger, 0xffff),
  'qe-report-tampered': (forger) =>
    changed(forger, { qeReport: { ...forger.quote.qeReport, isvSvn: 0xffff } }),
  'qe-report-signature-swapped': (forger) =>
    changed(forger, { qeReportSignature: swapped(forger.quote.qeReportSignature) }),
  'qe-report-data-tail': (forger) => {
    const { reportData } = forger.quote.qeReport;
    return certified(forger, { reportData: concat(reportData.subarray(0, 63), Uint8Array.of(1)) });
  },
  'qe-debug': (forger) => {
    const { flags, xfrm } = forger.quote.qeReport.attributes;
    return certified(forger, { attributes: attributes(flags | AttributeFlag.DEBUG, xfrm) });
  },
  'qe-other-product': (forger) => certified(forger, { isvProdId: 0x0102 }),
  'qe-other-signer': (forger) =>
    certified(forger, { mrSigner: withFlippedBit(forger.quote.qeReport.mrSigner) }),
  'qe-misc-select': (forger) => certified(forger, { miscSelect: 1 }),
  'qe-svn-zero': (forger) => certified(forger, { isvSvn: 0 }),
  'pck-chain-leaf-alone': (forger) =>
    changed(forger, {
      certificationData: certificationData(pemBlocks(forger).slice(0, 1).join('')),
    }),
  'pck-chain-extra-certificate': (forger) =>
    changed(forger, {
      certificationData: certificationData(
        pemOf(forger) +
          toPem(forger.platform.authority.certificates(forger.platform.at).tcbSigning.der),
      ),
    }),
  'pck-chain-reversed': (forger) =>
    changed(forger, { certificationData: certificationData(pemBlocks(forger).reverse().join('')) }),
  'pck-chain-garbage': (forger) =>
    changed(forger, { certificationData: certificationData('no certificate') }),
  'pck-chain-absent': (forger) =>
    changed(forger, { certificationData: { type: 3, bytes: new Uint8Array(404) } }),
} satisfies Record<string, Forgery>;

export type QuoteBreakage = keyof typeof QUOTE_BREAKAGES;

export const isQuoteBreakage = (name: string): name is QuoteBreakage =>
  Object.hasOwn(QUOTE_BREAKAGES, name);

export function brokenQuote(
  platform: TestPlatform,
  bytes: Uint8Array,
  breakage: QuoteBreakage,
): Uint8Array {
  return QUOTE_BREAKAGES[breakage]({
    platform,
    quote: parseQuote(bytes),
    pck: pckKeyOf(platform),
  });
}

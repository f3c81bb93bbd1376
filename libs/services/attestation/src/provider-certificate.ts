import { quoteExtensions } from '@touchstone/attested-key';
import {
  rsaSelfSignedBody,
  type SelfSignedLayout,
  type UnsignedCertificate,
} from '@touchstone/pki';

/** Provider certificates are all alike but for name, key and quote (profile of the live service). */
const SERIAL = new Uint8Array([1]);
const NOT_BEFORE = new Date('2019-05-01T00:00:00Z');
const NOT_AFTER = new Date('2050-12-31T23:59:59Z');

export const CERTIFICATE_LAYOUTS: readonly SelfSignedLayout[] = ['2022', '2020'];

export interface CertificateOrder {
  /** Becomes the whole name. */
  readonly issuer: string;
  readonly layout: SelfSignedLayout;
  readonly spki: Uint8Array;
  /** When the key was made: certificates in the layout of 2020 last a year from then. */
  readonly createdAt: Date;
  /** Of the enclave that the key was born in. */
  readonly quote?: Uint8Array;
}

/** A provider's certificate, to be signed by its own key: the same order gives the same bytes wherever it is made. */
export function providerCertificate(order: CertificateOrder): UnsignedCertificate {
  const { issuer, layout, spki, quote } = order;
  const form = layout === '2022' ? 'report' : 'quote';
  return rsaSelfSignedBody({
    commonName: issuer,
    publicKeySpki: spki,
    serial: SERIAL,
    layout,
    extensions: quote ? quoteExtensions(quote, form) : [],
    ...validity(order),
  });
}

function validity({ layout, createdAt }: CertificateOrder) {
  if (layout === '2022') return { notBefore: NOT_BEFORE, notAfter: NOT_AFTER };
  const notAfter = new Date(createdAt);
  notAfter.setUTCFullYear(createdAt.getUTCFullYear() + 1);
  return { notBefore: createdAt, notAfter };
}

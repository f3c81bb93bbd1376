import type { ServedDocument, ServedPckCertificate } from '@touchstone/service-pck-cache';

/** A 200 as it goes out, made once for a document. */
export interface WireAnswer {
  /** Names and values in turn, Content-Length among them. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const PEM_TYPE = 'application/x-pem-file';
const CRL_TYPE = 'application/pkix-crl';
const JSON_TYPE = 'application/json';

function answer(
  body: Uint8Array | string,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  const all = { ...headers, 'Content-Type': contentType, 'Content-Length': String(bytes.length) };
  return { headers: Object.entries(all).flat(), body: bytes };
}

const hexText = (body: Uint8Array): string => Buffer.from(body).toString('hex');

export const tcbAnswer =
  (version: 3 | 4) =>
  ({ body, issuerChain }: ServedDocument): WireAnswer =>
    answer(body, JSON_TYPE, {
      [version === 3 ? 'SGX-TCB-Info-Issuer-Chain' : 'TCB-Info-Issuer-Chain']: issuerChain,
    });

export const identityAnswer = ({ body, issuerChain }: ServedDocument): WireAnswer =>
  answer(body, JSON_TYPE, { 'SGX-Enclave-Identity-Issuer-Chain': issuerChain });

/** DER, or hex text of it that claims to be PEM: Intel's cache does so, and Intel's client expects it. */
export const pckCrlAnswer =
  (der: boolean) =>
  ({ body, issuerChain }: ServedDocument): WireAnswer =>
    answer(der ? body : hexText(body), der ? CRL_TYPE : PEM_TYPE, {
      'SGX-PCK-CRL-Issuer-Chain': issuerChain,
    });

export const rootCrlAnswer = ({ body }: ServedDocument): WireAnswer =>
  answer(hexText(body), CRL_TYPE);

export const crlAnswer = ({ body }: ServedDocument): WireAnswer => answer(body, CRL_TYPE);

export const pckAnswer = ({
  body,
  tcbm,
  fmspc,
  ca,
  issuerChain,
}: ServedPckCertificate): WireAnswer =>
  answer(body, PEM_TYPE, {
    'SGX-TCBm': tcbm,
    'SGX-FMSPC': fmspc,
    'SGX-PCK-Certificate-CA-Type': ca,
    'SGX-PCK-Certificate-Issuer-Chain': issuerChain,
  });

import type { Response } from 'express';

export const PEM_TYPE = 'application/x-pem-file';
export const CRL_TYPE = 'application/pkix-crl';
export const CERTIFICATE_TYPE = 'application/pkix-cert';
export const JSON_TYPE = 'application/json';

/** A 200 of the PCS. Chains in `headers` are PEM; they go out percent-encoded. */
export interface PcsAnswer {
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** PEM as a header carries it. */
export const encodePem = (pem: string): string => encodeURIComponent(pem);

export function send(response: Response, { contentType, body, headers = {} }: PcsAnswer): void {
  // Express would add a charset that Intel's answers do not carry.
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  response.writeHead(200, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': bytes.length,
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

import type { Request } from 'express';
import { headerValue } from '@touchstone/http';
import { IdentityError } from '@touchstone/service-identity';

/** Entra ID's own names; one authority answers under all of them. */
export const MICROSOFT_NAMES = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
] as const;

export interface OriginOptions {
  /** Host names under which this server may be reached, at its own port or at 443. */
  readonly names: readonly string[];
  /** Whole origins beside those, for published ports and proxies. */
  readonly origins: readonly string[];
}

const HTTPS_PORT = 443;
const HOST = /^([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::(\d{1,5}))?$/;

/**
 * The origin that documents and issuers name: the one the caller used, if it is on the list. IDENTITY_HOST_UNKNOWN for
 * any other: a Host header never makes a new issuer.
 */
export function originOf(request: Request, { names, origins }: OriginOptions): string {
  const host = headerValue(request, 'host')?.toLowerCase() ?? '';
  const [, name, port] = HOST.exec(host) ?? [];
  if (name !== undefined) {
    const number = port === undefined ? HTTPS_PORT : Number(port);
    const origin = number === HTTPS_PORT ? `https://${name}` : `https://${name}:${number}`;
    if (origins.includes(origin)) return origin;
    const ours = number === HTTPS_PORT || number === request.socket.localPort;
    if (ours && names.includes(name)) return origin;
  }
  throw new IdentityError('IDENTITY_HOST_UNKNOWN', 'this authority has no such name', {
    field: 'Host',
  });
}

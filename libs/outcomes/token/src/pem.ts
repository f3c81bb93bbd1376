import { toBase64 } from '@touchstone/bytes';

/** PEM with lines of 64 digits, LF, and a final LF (RFC 7468 strict form). */
export function toPem(der: Uint8Array, label: string): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

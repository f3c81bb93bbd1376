import { fromUtf8 } from '@touchstone/bytes';
import type { Quote } from '@touchstone/quote';
import { CertificationDataType } from '@touchstone/quote';
import type { Trail } from './trail';

/** The PCK chain that the quote carries, or the one that was looked up for a quote without. PEM. */
export function requirePckChainPem(
  trail: Trail,
  quote: Quote,
  looked: string | undefined,
): Uint8Array {
  const { type, bytes } = quote.certificationData;
  const carried = type === CertificationDataType.PCK_CHAIN ? bytes : undefined;
  const pem = carried ?? (looked === undefined ? undefined : fromUtf8(looked));
  if (pem === undefined) {
    return trail.fail('certification-data', 'QUOTE_CERTIFICATION_DATA_UNSUPPORTED', {
      read: `type ${type}`,
      expected: `type ${CertificationDataType.PCK_CHAIN}, or the certificate beside it`,
    });
  }
  trail.passed('certification-data', { read: `type ${type}` });
  return pem;
}

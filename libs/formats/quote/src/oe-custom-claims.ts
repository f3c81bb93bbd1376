import { ByteReader, ByteWriter, concat, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';

export const MAX_CUSTOM_CLAIMS = 256;
const CUSTOM_CLAIMS_VERSION = 1n;

export interface OeCustomClaim {
  readonly name: string;
  readonly value: Uint8Array;
}

/**
 * Open Enclave's custom claims buffer: `version` u64 = 1, `num_claims` u64, then per claim `name_size` u64 (it counts the
 * NUL), `value_size` u64, name, value; little-endian, no padding. SHA-256 of the whole buffer is the first half of the
 * enclave's report data.
 *
 * Source: openenclave `common/sgx/quote.h`, `oe_sgx_serialized_custom_claims…`.
 * @throws QuoteError OE_CUSTOM_CLAIMS
 */
export function parseCustomClaims(bytes: Uint8Array): readonly OeCustomClaim[] {
  return withCode('OE_CUSTOM_CLAIMS', () => {
    const r = new ByteReader(bytes);
    if (r.u64le('version') !== CUSTOM_CLAIMS_VERSION) throw malformed('version');
    const count = r.u64le('numClaims');
    if (count > BigInt(MAX_CUSTOM_CLAIMS)) throw malformed('numClaims');
    const claims = Array.from({ length: Number(count) }, () => readClaim(r));
    r.end('customClaims');
    return claims;
  });
}

function readClaim(r: ByteReader): OeCustomClaim {
  const nameSize = readSize(r, 'nameSize');
  const valueSize = readSize(r, 'valueSize');
  const name = r.bytes('name', nameSize);
  // Exactly one NUL, at the end; a size of zero leaves no room for it.
  if (nameSize === 0 || name.indexOf(0) !== nameSize - 1) throw malformed('name');
  return { name: toUtf8(name.subarray(0, -1), 'name'), value: r.bytes('value', valueSize) };
}

/** A size beyond what is left is refused before it becomes a number. */
function readSize(r: ByteReader, field: string): number {
  const size = r.u64le(field);
  if (size > BigInt(r.remaining)) throw malformed(field);
  return Number(size);
}

export function encodeCustomClaims(claims: readonly OeCustomClaim[]): Uint8Array {
  const w = new ByteWriter()
    .u64le('version', CUSTOM_CLAIMS_VERSION)
    .u64le('numClaims', BigInt(claims.length));
  for (const { name, value } of claims) {
    const nameBytes = concat(fromUtf8(name), Uint8Array.of(0));
    w.u64le('nameSize', BigInt(nameBytes.length)).u64le('valueSize', BigInt(value.length));
    w.bytes('name', nameBytes).bytes('value', value);
  }
  return w.finish();
}

function malformed(field: string): QuoteError {
  return new QuoteError('OE_CUSTOM_CLAIMS', `${field} is not that of a custom claims buffer`, {
    field,
  });
}

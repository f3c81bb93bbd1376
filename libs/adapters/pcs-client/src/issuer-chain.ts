import { parsePemChain } from '@touchstone/pki';
import { MAX_CHAIN, MAX_CHAIN_CHARACTERS } from './limits';
import { PcsError } from './pcs-error';

/** An issuer chain as a header carries it, checked to be one. */
export interface IssuerChain {
  /** Percent-encoded PEM, exactly as it arrived. */
  readonly encoded: string;
  /** PEM, issuer first, root last. */
  readonly pem: string;
}

/** Reads the issuer chain from the first of these headers that is there; PCS_BAD_ANSWER without a whole chain. */
export function issuerChain(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): IssuerChain {
  const [field = 'issuer chain'] = names;
  const encoded = names
    .map((name) => headers[name.toLowerCase()])
    .find((value) => value !== undefined);
  if (encoded === undefined) throw bad(field, 'is missing');
  if (encoded.length > MAX_CHAIN_CHARACTERS) throw bad(field, 'is too long');
  const pem = decode(encoded, field);
  try {
    parsePemChain(pem, MAX_CHAIN);
  } catch (cause) {
    throw bad(field, 'is no certificate chain', cause);
  }
  return { encoded, pem };
}

/** Percent-encoded PEM to PEM. */
export function decodePem(encoded: string, field: string): string {
  return decode(encoded, field);
}

function decode(encoded: string, field: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw bad(field, 'is not percent-encoded', cause);
  }
}

const bad = (field: string, why: string, cause?: unknown): PcsError =>
  new PcsError(
    'PCS_BAD_ANSWER',
    `${field} ${why}`,
    cause === undefined ? { field } : { field, cause },
  );

import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '@touchstone/bytes';
import { canonicalJson, parseJsonObject, type JsonObject } from '@touchstone/claims';
import { TokenError } from './token-error';

/** Longer tokens are refused before anything is decoded. */
export const MAX_TOKEN_CHARACTERS = 1_048_576;

/** A well-formed JWS of which nothing has been proven. */
export interface UnverifiedJws {
  readonly header: JsonObject & { readonly alg: string };
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** What the signature covers, as it arrived: `<header>.<payload>`. */
  readonly signingInput: string;
}

export interface ParseJwsOptions {
  /** Take `alg` `none` with an empty signature too (unsigned policies). Default: refuse. */
  readonly allowUnsecured?: boolean;
}

/**
 * Reads a JWS in compact serialisation (RFC 7515 section 7.1), strictly: three parts of canonical
 * base64url, a header that is one JSON object without repeated members, no `crit` (we understand no
 * extension), and a signature unless `alg` is exactly `none` and the caller allows that.
 *
 * @throws TokenError TOKEN_MALFORMED or TOKEN_ALGORITHM
 */
export function parseCompactJws(text: string, options: ParseJwsOptions = {}): UnverifiedJws {
  const [header64, payload64, signature64] = threeParts(text);
  const header = parseHeader(header64);
  const signature = decode(signature64, 'signature');
  assertSecured(header.alg, signature, options.allowUnsecured ?? false);
  return {
    header,
    payload: decode(payload64, 'payload'),
    signature,
    signingInput: `${header64}.${payload64}`,
  };
}

/**
 * The claims inside a JWT, unproven until its signature is checked.
 *
 * @throws TokenError TOKEN_MALFORMED
 */
export function jwtClaims(jws: UnverifiedJws): JsonObject {
  return parseObject(jws.payload, 'payload');
}

/** `<header>.<payload>` with both in canonical JSON; what a signer has to sign. */
export function signingInput(header: object, payload: object): string {
  return `${encode(header)}.${encode(payload)}`;
}

export function compactJws(input: string, signature: Uint8Array): string {
  return `${input}.${toBase64Url(signature)}`;
}

function threeParts(text: string): readonly [string, string, string] {
  if (text.length > MAX_TOKEN_CHARACTERS) throw malformed('the token is too long', 'token');
  const [header, payload, signature, ...rest] = text.split('.', 4);
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw malformed('the token does not have three parts', 'token');
  }
  return [header, payload, signature];
}

function parseHeader(header64: string): UnverifiedJws['header'] {
  const header = parseObject(decode(header64, 'header'), 'header');
  const { alg } = header;
  if (typeof alg !== 'string') throw malformed('the header names no algorithm', 'alg');
  if (Object.hasOwn(header, 'crit'))
    throw malformed('critical extensions are not understood', 'crit');
  return { ...header, alg };
}

/** Every spelling of `none` but the exact one is just an unknown algorithm. */
function assertSecured(alg: string, signature: Uint8Array, allowUnsecured: boolean): void {
  if (alg === 'none') {
    if (!allowUnsecured)
      throw new TokenError('TOKEN_ALGORITHM', 'the token is not signed', { field: 'alg' });
    if (signature.length > 0) throw malformed('an unsecured token has a signature', 'signature');
  } else if (signature.length === 0) {
    throw malformed('the signature is missing', 'signature');
  }
}

function parseObject(bytes: Uint8Array, field: string): JsonObject {
  try {
    return parseJsonObject(toUtf8(bytes, field), field);
  } catch (cause) {
    throw malformed(`the ${field} is not one JSON object`, field, cause);
  }
}

function decode(text: string, field: string): Uint8Array {
  try {
    return fromBase64Url(text, field);
  } catch (cause) {
    throw malformed(`the ${field} is not canonical base64url`, field, cause);
  }
}

const encode = (value: object): string => toBase64Url(fromUtf8(canonicalJson(value)));

function malformed(message: string, field: string, cause?: unknown): TokenError {
  return new TokenError('TOKEN_MALFORMED', message, { field, cause });
}

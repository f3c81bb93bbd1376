import { fromUtf8, toHex } from '@touchstone/bytes';
import type { CollateralPiece, CrlRole } from './pieces';
import { crlPiece, identityPiece, tcbInfoPiece } from './pieces';
import { piecesOfBinary, piecesOfEnvelope, piecesOfPem } from './recognise-binary';
import { bytesOfText, jsonOf, plainPem, withoutNuls } from './text-forms';

/** Values inside one another that are followed, at most. */
export const MAX_WALK_DEPTH = 8;
/** Members and elements of one file that are looked at, at most. */
export const MAX_WALK_VALUES = 20_000;

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names as Intel, its caches and their clients write them: `tcb_info`, `tcbInfo`, `TCB-Info`. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * Whatever collateral a JSON text holds. An answer of the PCS is kept byte for byte; documents inside something else are
 * taken out of it, compact as they were signed: what is verified is what is read, so nothing can be slipped in.
 */
export function piecesOfJson(text: string, bytes: Uint8Array): CollateralPiece[] {
  const value = jsonOf(text);
  const envelope = piecesOfEnvelope(bytes);
  if (envelope.length > 0) return envelope;
  const member = isObject(value) ? signedMemberOf(value) : undefined;
  if (isObject(value) && member !== undefined && Object.keys(value).length === 2) {
    return [documentPiece(member, bytes)];
  }
  return new Walk().pieces(value, 0);
}

type SignedMember = 'tcbInfo' | 'enclaveIdentity';

const SIGNED_MEMBERS: readonly SignedMember[] = ['tcbInfo', 'enclaveIdentity'];

/** Which signed document the object is, when it is one with its signature beside it. */
const signedMemberOf = (object: Members): SignedMember | undefined =>
  'signature' in object ? SIGNED_MEMBERS.find((name) => isObject(object[name])) : undefined;

const documentPiece = (
  member: SignedMember,
  body: Uint8Array,
  issuerChain?: string,
): CollateralPiece =>
  member === 'tcbInfo' ? tcbInfoPiece(body, issuerChain) : identityPiece(body, issuerChain);

const DOCUMENTS: Readonly<Record<string, SignedMember>> = {
  tcbinfo: 'tcbInfo',
  qeidentity: 'enclaveIdentity',
  tdqeidentity: 'enclaveIdentity',
  enclaveidentity: 'enclaveIdentity',
};

const CRLS: Readonly<Record<string, CrlRole>> = { pckcrl: 'pck-crl', rootcacrl: 'root-ca-crl' };

class Walk {
  #values = 0;

  pieces(value: unknown, depth: number): CollateralPiece[] {
    if (depth > MAX_WALK_DEPTH || ++this.#values > MAX_WALK_VALUES) return [];
    if (typeof value === 'string') return this.#text(value, depth);
    const octets = octetsOf(value);
    if (octets !== undefined) return piecesOfBinary(octets);
    if (Array.isArray(value)) return value.flatMap((item) => this.pieces(item, depth + 1));
    return isObject(value) ? this.#object(value, depth) : [];
  }

  #text(text: string, depth: number): CollateralPiece[] {
    const trimmed = text.trim();
    if (trimmed.startsWith('{') || trimmed.startsWith('[')) return this.#nested(text, depth);
    if (plainPem(trimmed) !== undefined) return piecesOfPem(trimmed);
    const bytes = bytesOfText(trimmed);
    return bytes === undefined ? [] : piecesOfBinary(bytes);
  }

  /** JSON inside a JSON string is as raw as a file. */
  #nested(text: string, depth: number, issuerChain?: string): CollateralPiece[] {
    const value = jsonOf(withoutNuls(text));
    const member = isObject(value) ? signedMemberOf(value) : undefined;
    if (member !== undefined) return [documentPiece(member, fromUtf8(text), issuerChain)];
    return this.pieces(value, depth + 1);
  }

  #object(object: Members, depth: number): CollateralPiece[] {
    const chain = issuerChainOf(object, 'issuerchain');
    const signed = signedMemberOf(object);
    const pieces: CollateralPiece[] = [];
    if (signed !== undefined) {
      const body = JSON.stringify({ [signed]: object[signed], signature: object['signature'] });
      pieces.push(documentPiece(signed, fromUtf8(body), chain));
    }
    for (const [name, value] of Object.entries(object)) {
      if (name === signed || name === 'signature') continue;
      pieces.push(...this.#member(object, plainName(name), value, depth));
    }
    return pieces;
  }

  #member(object: Members, name: string, value: unknown, depth: number): CollateralPiece[] {
    const document = DOCUMENTS[name];
    const chain =
      issuerChainOf(object, `${name}issuerchain`) ?? issuerChainOf(object, 'issuerchain');
    if (document !== undefined) {
      const body = documentBody(document, value, memberNamed(object, `${name}signature`));
      if (body !== undefined) return [documentPiece(document, body, chain)];
    }
    const role = CRLS[name];
    const bytes = role === undefined ? undefined : binaryOf(value);
    if (bytes !== undefined) return [crlPiece(bytes, role, chain)];
    if (typeof value === 'string' && chain !== undefined && value.trim().startsWith('{')) {
      return this.#nested(value, depth, chain);
    }
    return this.pieces(value, depth + 1);
  }
}

function memberNamed(object: Members, name: string): unknown {
  const found = Object.keys(object).find((key) => plainName(key) === name);
  return found === undefined ? undefined : object[found];
}

function issuerChainOf(object: Members, name: string): string | undefined {
  const value = memberNamed(object, name);
  return typeof value === 'string' ? plainPem(value) : undefined;
}

/** The whole body of a document whose signature stands inside it, beside it, or (so that it is refused later) nowhere. */
function documentBody(
  member: SignedMember,
  value: unknown,
  signature: unknown,
): Uint8Array | undefined {
  if (typeof value !== 'string' && !isObject(value)) return undefined;
  const text = typeof value === 'string' ? withoutNuls(value) : JSON.stringify(value);
  const parsed = jsonOf(text);
  if (!isObject(parsed)) return undefined;
  if (signedMemberOf(parsed) === member) return fromUtf8(text);
  const octets = octetsOf(signature);
  const hex = octets === undefined ? signature : toHex(octets);
  return fromUtf8(`{"${member}":${text},"signature":${JSON.stringify(hex ?? '')}}`);
}

/** Hex, base64, PEM or a list of octets. */
function binaryOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return octetsOf(value);
  return plainPem(value) === undefined ? bytesOfText(value.trim()) : fromUtf8(value.trim());
}

const isOctet = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff;

/** Some clients write bytes as a list of numbers. */
function octetsOf(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isOctet)) return undefined;
  return Uint8Array.from(value);
}

import { concat, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { parseEnclaveIdentity, parseTcbInfo, signedDocument } from '@touchstone/collateral';
import {
  DerReader,
  type EcSigner,
  Oid,
  Tag,
  contextTag,
  derElement,
  derOid,
  derSequence,
  readOid,
} from '@touchstone/pki';

const SIGNATURE_ALGORITHM = derSequence(derOid(Oid.ecdsaWithSha256));

/** A certificate or CRL (DER) around another signed region, properly signed. */
export const resigned = (tbs: Uint8Array, signer: EcSigner): Uint8Array =>
  derSequence(
    tbs,
    SIGNATURE_ALGORITHM,
    derElement(Tag.bitString, Uint8Array.of(0), signer.sign(tbs)),
  );

/** The certificate (`[3]`) or CRL (`[0]`) without one of its extensions, signed again. */
export function withoutExtension(
  der: Uint8Array,
  kind: 'certificate' | 'crl',
  oid: string,
  signer: EcSigner,
): Uint8Array {
  const wrapper = contextTag(kind === 'certificate' ? 3 : 0);
  const members: Uint8Array[] = [];
  const body = new DerReader(der).enter(Tag.sequence, kind).enter(Tag.sequence, kind);
  while (!body.done) {
    const { tag, bytes, content } = body.next(kind);
    members.push(tag === wrapper ? derElement(wrapper, droppedFrom(content, oid)) : bytes);
  }
  return resigned(derSequence(...members), signer);
}

function droppedFrom(extensions: Uint8Array, oid: string): Uint8Array {
  const kept: Uint8Array[] = [];
  const list = new DerReader(extensions).enter(Tag.sequence, 'extensions');
  while (!list.done) {
    const { bytes, content } = list.next('extension');
    if (readOid(new DerReader(content), 'extension') !== oid) kept.push(bytes);
  }
  return derSequence(...kept);
}

/** The signed JSON body after a change of its inner text, signed again. */
export function editedDocument(
  body: Uint8Array,
  member: 'tcbInfo' | 'enclaveIdentity',
  signer: EcSigner,
  edit: (text: string) => string,
): Uint8Array {
  const { signedBytes } = member === 'tcbInfo' ? parseTcbInfo(body) : parseEnclaveIdentity(body);
  const inner = fromUtf8(edit(toUtf8(signedBytes)));
  return signedDocument(member, inner, signer.signRaw(inner));
}

/** The bytes with one bit changed. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const index = bit >> 3;
  const changed = (bytes[index] ?? 0) ^ (1 << (bit & 7));
  return concat(bytes.subarray(0, index), Uint8Array.of(changed), bytes.subarray(index + 1));
}

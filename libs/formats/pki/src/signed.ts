import { equal } from '@touchstone/bytes';
import { DerReader, Tag, malformed } from './der-reader';
import { readBits, readOid } from './der-values';

/** The outer shape that certificates and CRLs share: SEQUENCE { tbs, AlgorithmIdentifier, BIT STRING }. */
export interface Signed {
  readonly tbs: Uint8Array;
  /** AlgorithmIdentifier, whole. */
  readonly algorithm: Uint8Array;
  readonly algorithmOid: string;
  readonly signature: Uint8Array;
  /** The algorithm inside the signed region must be the one outside (RFC 5280 section 4.1.1.2). */
  assertAlgorithm(inner: Uint8Array): void;
}

export function readSigned(der: Uint8Array, field: string): Signed {
  const outer = new DerReader(der).enter(Tag.sequence, field);
  const tbs = outer.take(Tag.sequence, 'tbs').bytes;
  const algorithm = outer.take(Tag.sequence, 'signatureAlgorithm').bytes;
  const signature = readBits(outer, 'signatureValue');
  outer.end(field);
  const algorithmOid = readOid(
    new DerReader(algorithm).enter(Tag.sequence, field),
    'signatureAlgorithm',
  );
  return {
    tbs,
    algorithm,
    algorithmOid,
    signature,
    assertAlgorithm: (inner) => {
      if (!equal(inner, algorithm))
        throw malformed('signatureAlgorithm', 'differs inside and outside');
    },
  };
}

import { ByteReader, ByteWriter, concat, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { QuoteError, withCode } from './quote-error';

const OE_ENDORSEMENTS_VERSION = 1;
const OE_ENCLAVE_TYPE_SGX = 2;
const ITEM_COUNT = 9;

/** What Open Enclave hands over beside SGX evidence: the collateral of one moment. */
export interface OeEndorsements {
  /** Version of the list of items. */
  readonly version: number;
  /** Whole body with its signature, without the NUL. */
  readonly tcbInfo: Uint8Array;
  /** PEM. */
  readonly tcbInfoIssuerChain: string;
  /** DER or text, without trailing NULs only where it is text. */
  readonly pckCrl: Uint8Array;
  readonly rootCaCrl: Uint8Array;
  /** PEM. */
  readonly pckCrlIssuerChain: string;
  readonly qeIdentity: Uint8Array;
  /** PEM. */
  readonly qeIdentityIssuerChain: string;
  /** `YYYY-MM-DDThh:mm:ssZ` as written. */
  readonly creationTime: string;
}

/**
 * Open Enclave SGX endorsements: `version` u32 = 1, `enclave_type` u32 = 2, `buffer_size` u32, `num_elements` u32 = 9,
 * that many u32 offsets into the data, then the data (`buffer_size` counts offsets and data).
 *
 * Source: openenclave `include/openenclave/internal/sgx/plugin.h`, `oe_endorsements_t`.
 * @throws QuoteError OE_ENDORSEMENTS
 */
export function parseOeEndorsements(bytes: Uint8Array): OeEndorsements {
  return withCode('OE_ENDORSEMENTS', () => {
    const [
      version,
      tcbInfo,
      tcbChain,
      pckCrl,
      rootCrl,
      crlChain,
      identity,
      identityChain,
      created,
    ] = items(readItems(new ByteReader(bytes)));
    return {
      version: new ByteReader(version).u32le('itemsVersion'),
      tcbInfo: withoutNul(tcbInfo),
      tcbInfoIssuerChain: text(tcbChain, 'tcbInfoIssuerChain'),
      pckCrl,
      rootCaCrl: rootCrl,
      pckCrlIssuerChain: text(crlChain, 'pckCrlIssuerChain'),
      qeIdentity: withoutNul(identity),
      qeIdentityIssuerChain: text(identityChain, 'qeIdentityIssuerChain'),
      creationTime: text(created, 'creationTime'),
    };
  });
}

function readItems(r: ByteReader): Uint8Array[] {
  if (r.u32le('version') !== OE_ENDORSEMENTS_VERSION) throw malformed('version');
  if (r.u32le('enclaveType') !== OE_ENCLAVE_TYPE_SGX) throw malformed('enclaveType');
  if (r.u32le('bufferSize') !== r.remaining - 4) throw malformed('bufferSize');
  const count = r.u32le('numElements');
  if (count !== ITEM_COUNT) throw malformed('numElements');
  const offsets = Array.from({ length: count }, (_, i) => r.u32le(`offsets[${i}]`));
  const data = r.rest('data');
  return offsets.map((start, i) => {
    const end = offsets[i + 1] ?? data.length;
    if (start > end || end > data.length) throw malformed(`offsets[${i}]`);
    return data.slice(start, end);
  });
}

type Items<T> = [T, T, T, T, T, T, T, T, T];
const items = (list: Uint8Array[]): Items<Uint8Array> => list as Items<Uint8Array>;

export function encodeOeEndorsements(endorsements: OeEndorsements): Uint8Array {
  const nul = Uint8Array.of(0);
  const data = [
    new ByteWriter().u32le('itemsVersion', endorsements.version).finish(),
    concat(endorsements.tcbInfo, nul),
    fromUtf8(`${endorsements.tcbInfoIssuerChain}\0`),
    endorsements.pckCrl,
    endorsements.rootCaCrl,
    fromUtf8(`${endorsements.pckCrlIssuerChain}\0`),
    concat(endorsements.qeIdentity, nul),
    fromUtf8(`${endorsements.qeIdentityIssuerChain}\0`),
    fromUtf8(`${endorsements.creationTime}\0`),
  ];
  const whole = concat(...data);
  const w = new ByteWriter()
    .u32le('version', OE_ENDORSEMENTS_VERSION)
    .u32le('enclaveType', OE_ENCLAVE_TYPE_SGX)
    .u32le('bufferSize', 4 * data.length + whole.length)
    .u32le('numElements', data.length);
  data.reduce((offset, item) => {
    w.u32le('offset', offset);
    return offset + item.length;
  }, 0);
  return w.bytes('data', whole).finish();
}

function withoutNul(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

const text = (bytes: Uint8Array, field: string): string => toUtf8(withoutNul(bytes), field);

function malformed(field: string): QuoteError {
  return new QuoteError('OE_ENDORSEMENTS', `${field} is not that of SGX endorsements`, { field });
}

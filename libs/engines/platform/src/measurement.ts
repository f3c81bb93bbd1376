import { createHash, type Hash } from 'node:crypto';
import { fromUtf8 } from '@touchstone/bytes';
import { PAGE_BYTES, checkLayout, type EnclaveLayout, type EnclavePage } from './pages';

const RECORD_BYTES = 64;
const CHUNK_BYTES = 256;
const EXTEND_BYTES = RECORD_BYTES + CHUNK_BYTES;
const ZERO_PAGE = new Uint8Array(PAGE_BYTES);

const ECREATE = fromUtf8('ECREATE\0');
const EADD = fromUtf8('EADD\0\0\0\0');
const EEXTEND = fromUtf8('EEXTEND\0');

/** MRENCLAVE in the making: SHA-256 over one record per instruction (Intel SDM volume 3D, "Measuring Enclave"). */
export class MeasurementLog {
  readonly #hash: Hash = createHash('sha256');

  ecreate(ssaFrameSize: number, size: number): void {
    const record = new Uint8Array(RECORD_BYTES);
    const view = new DataView(record.buffer);
    record.set(ECREATE);
    view.setUint32(8, ssaFrameSize, true);
    view.setBigUint64(12, BigInt(size), true);
    this.#hash.update(record);
  }

  /** Place and SECINFO of a page. The record holds the first 48 bytes of SECINFO: the flags, then zeros. */
  eadd(offset: number, flags: number): void {
    const record = new Uint8Array(RECORD_BYTES);
    const view = new DataView(record.buffer);
    record.set(EADD);
    view.setBigUint64(8, BigInt(offset), true);
    view.setBigUint64(16, BigInt(flags), true);
    this.#hash.update(record);
  }

  /** All sixteen 256-byte chunks of a page, each after its own record. */
  eextendPage(offset: number, content: Uint8Array): void {
    const records = new Uint8Array((PAGE_BYTES / CHUNK_BYTES) * EXTEND_BYTES);
    const view = new DataView(records.buffer);
    for (let at = 0, start = 0; at < PAGE_BYTES; at += CHUNK_BYTES, start += EXTEND_BYTES) {
      records.set(EEXTEND, start);
      view.setBigUint64(start + 8, BigInt(offset + at), true);
      records.set(content.subarray(at, at + CHUNK_BYTES), start + RECORD_BYTES);
    }
    this.#hash.update(records);
  }

  addPage({ offset, flags, content, measured }: EnclavePage): void {
    this.eadd(offset, flags);
    if (measured) this.eextendPage(offset, content ?? ZERO_PAGE);
  }

  /** The 32 bytes of MRENCLAVE; the log takes no more records. */
  finish(): Uint8Array {
    return new Uint8Array(this.#hash.digest());
  }
}

/** MRENCLAVE (32 bytes) of what a loader would build. `SGX_GP` when no processor would take the layout. */
export function measureEnclave(layout: EnclaveLayout): Uint8Array {
  checkLayout(layout);
  const log = new MeasurementLog();
  log.ecreate(layout.ssaFrameSize, layout.size);
  for (const page of layout.pages) log.addPage(page);
  return log.finish();
}

import { ByteReader, ByteWriter, fromUtf8, toUtf8 } from '@touchstone/bytes';
import {
  MAX_ENCLAVE_PAGES,
  PAGE_BYTES,
  PAGE_KIND,
  measureEnclave,
  type EnclaveLayout,
  type EnclaveMemory,
  type EnclavePage,
} from '@touchstone/platform';
import { EnclaveError } from '../enclave-error';
import type { EnclaveManifest } from './manifest';

/** 64 MiB of code: a bundle with its model library is a hundredth of that. */
export const MAX_CODE_BYTES = 64 * 1024 * 1024;
const SSA_FRAME_PAGES = 1;
const MAGIC = 'TOUCHSTONE';
const FORMAT_VERSION = 1;

/** An enclave before it is loaded: what `enclave.json` and the code bundle come to. */
export interface EnclaveImage {
  readonly manifest: EnclaveManifest;
  /** The exact bytes that are measured, and that run. */
  readonly code: Uint8Array;
  readonly layout: EnclaveLayout;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
}

/**
 * The image of an enclave. Pages, in their order: one header page that says how long the code is, the code, a TCS and its
 * save area per thread, and the heap, of which only the extent is measured.
 * @throws EnclaveError ENCLAVE_IMAGE_TOO_LARGE, ENCLAVE_IMAGE_MALFORMED
 */
export function createImage(manifest: EnclaveManifest, code: Uint8Array): EnclaveImage {
  if (code.length === 0)
    throw new EnclaveError('ENCLAVE_IMAGE_MALFORMED', 'there is no code', { field: 'code' });
  if (code.length > MAX_CODE_BYTES) throw tooLarge('code');
  const kept = code.slice();
  const pages = [...pagesOf(manifest, kept)].map((page, i) => ({
    offset: i * PAGE_BYTES,
    ...page,
  }));
  const size = 2 ** Math.ceil(Math.log2(pages.length * PAGE_BYTES));
  if (size > MAX_ENCLAVE_PAGES * PAGE_BYTES) throw tooLarge('heapPages');
  const layout: EnclaveLayout = { size, ssaFrameSize: SSA_FRAME_PAGES, pages };
  return { manifest, code: kept, layout, mrEnclave: measureEnclave(layout) };
}

function* pagesOf(
  manifest: EnclaveManifest,
  code: Uint8Array,
): Generator<Omit<EnclavePage, 'offset'>> {
  yield { flags: PAGE_KIND.CODE, content: header(code.length), measured: true };
  for (let start = 0; start < code.length; start += PAGE_BYTES) {
    const content = new Uint8Array(PAGE_BYTES);
    content.set(code.subarray(start, start + PAGE_BYTES));
    yield { flags: PAGE_KIND.CODE, content, measured: true };
  }
  for (let thread = 0; thread < manifest.threads; thread++) {
    yield { flags: PAGE_KIND.TCS, measured: true };
    yield { flags: PAGE_KIND.DATA, measured: true };
  }
  for (let page = 0; page < manifest.heapPages; page++)
    yield { flags: PAGE_KIND.DATA, measured: false };
}

/** Name and version of the format, and the length of the code, u32 little-endian; zeros to the end of the page. */
function header(codeLength: number): Uint8Array {
  const w = new ByteWriter()
    .bytes('magic', fromUtf8(MAGIC))
    .u16le('version', FORMAT_VERSION)
    .u32le('codeLength', codeLength);
  return w.zeros(PAGE_BYTES - w.length).finish();
}

/** The code in an enclave's measured memory: what an execution unit runs. @throws EnclaveError ENCLAVE_IMAGE_MALFORMED */
export function codeOf(memory: EnclaveMemory): Uint8Array {
  const r = new ByteReader(memory.read(0, PAGE_BYTES));
  const magic = r.bytes('magic', MAGIC.length);
  const version = r.u16le('version');
  const length = r.u32le('codeLength');
  if (toLatin(magic) !== MAGIC || version !== FORMAT_VERSION || length > MAX_CODE_BYTES) {
    throw new EnclaveError('ENCLAVE_IMAGE_MALFORMED', 'the first page is no header', {
      field: 'header',
    });
  }
  return memory.read(PAGE_BYTES, length);
}

const toLatin = (bytes: Uint8Array): string =>
  bytes.every((byte) => byte < 0x80) ? toUtf8(bytes) : '';

function tooLarge(field: string): EnclaveError {
  return new EnclaveError('ENCLAVE_IMAGE_TOO_LARGE', 'no processor here holds such an enclave', {
    field,
  });
}

import { PlatformError } from './platform-error';

export const PAGE_BYTES = 4096;
/** 1 GiB of enclave memory: far more than any enclave here asks for. */
export const MAX_ENCLAVE_PAGES = 262_144;

/** SECINFO.FLAGS: permissions in the low bits, page type in bits 15:8. */
export const SECINFO = {
  READ: 0x1,
  WRITE: 0x2,
  EXECUTE: 0x4,
  TCS: 0x100,
  REGULAR: 0x200,
} as const;

/** Usual kinds of pages. */
export const PAGE_KIND = {
  CODE: SECINFO.REGULAR | SECINFO.READ | SECINFO.EXECUTE,
  DATA: SECINFO.REGULAR | SECINFO.READ | SECINFO.WRITE,
  TCS: SECINFO.TCS,
} as const;

const PERMISSIONS = SECINFO.READ | SECINFO.WRITE | SECINFO.EXECUTE;
const PAGE_TYPE = 0xff00;

/** One page as EADD gets it. */
export interface EnclavePage {
  /** Bytes from the enclave's base, a multiple of 4096. */
  readonly offset: number;
  /** SECINFO.FLAGS. */
  readonly flags: number;
  /** 4096 bytes; absent for a page of zeros. */
  readonly content?: Uint8Array;
  /** Whether the content is measured by EEXTEND too, or only the page's place and flags by EADD. */
  readonly measured: boolean;
}

/** What the loader builds: address space and pages, in the order in which they are added. */
export interface EnclaveLayout {
  /** Size of the address range in bytes: a power of two. */
  readonly size: number;
  /** Pages per frame of the state save area. */
  readonly ssaFrameSize: number;
  readonly pages: readonly EnclavePage[];
}

/** ECREATE's and EADD's own checks; each violation is a general-protection fault. */
export function checkLayout(layout: EnclaveLayout): void {
  const { size, ssaFrameSize, pages } = layout;
  if (!isPowerOfTwo(size) || size < 2 * PAGE_BYTES || size > MAX_ENCLAVE_PAGES * PAGE_BYTES) {
    throw fault('SECS.SIZE', 'SIZE is a power of two between two pages and 1 GiB');
  }
  if (!Number.isInteger(ssaFrameSize) || ssaFrameSize < 1 || ssaFrameSize > MAX_ENCLAVE_PAGES) {
    throw fault('SECS.SSAFRAMESIZE', 'SSAFRAMESIZE counts at least one page');
  }
  const taken = new Set<number>();
  for (const page of pages) {
    checkPage(page, size);
    if (taken.has(page.offset)) throw fault('PAGEINFO.LINADDR', 'a page is added twice');
    taken.add(page.offset);
  }
}

function checkPage({ offset, flags, content }: EnclavePage, size: number): void {
  if (!Number.isInteger(offset) || offset < 0 || offset % PAGE_BYTES !== 0 || offset >= size) {
    throw fault('PAGEINFO.LINADDR', 'a page lies outside of the enclave or is not aligned');
  }
  const type = flags & PAGE_TYPE;
  const known = type === SECINFO.REGULAR || type === SECINFO.TCS;
  if (!known || (flags & ~(PAGE_TYPE | PERMISSIONS)) !== 0) {
    throw fault('SECINFO.FLAGS', 'only regular and TCS pages can be added');
  }
  if (type === SECINFO.TCS && (flags & PERMISSIONS) !== 0) {
    throw fault('SECINFO.FLAGS', 'a TCS page has no permissions');
  }
  if ((flags & SECINFO.WRITE) !== 0 && (flags & SECINFO.READ) === 0) {
    throw fault('SECINFO.FLAGS', 'a page that can be written can be read');
  }
  if (content !== undefined && content.length !== PAGE_BYTES) {
    throw fault('PAGEINFO.SRCPGE', `a page is ${PAGE_BYTES} bytes`);
  }
}

const isPowerOfTwo = (value: number): boolean =>
  Number.isSafeInteger(value) && value > 0 && Number.isInteger(Math.log2(value));

function fault(field: string, message: string): PlatformError {
  return new PlatformError('SGX_GP', message, { field });
}

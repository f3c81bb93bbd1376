import { measureEnclave } from './measurement';
import { PAGE_BYTES, type EnclaveLayout } from './pages';
import { PlatformError } from './platform-error';

/** Memory of one enclave: copies of its pages, so that nothing can change between measuring and running them. */
export class EnclavePageCache {
  /** 32 bytes, over what is in here. */
  readonly mrEnclave: Uint8Array;
  readonly #size: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(layout: EnclaveLayout) {
    const pages = layout.pages.map(({ content, ...page }) => ({
      ...page,
      ...(content && { content: content.slice() }),
    }));
    this.mrEnclave = measureEnclave({ ...layout, pages });
    this.#size = layout.size;
    for (const { offset, content } of pages) if (content) this.#pages.set(offset, content);
  }

  /** A copy; zeros where no page or no content was added. */
  read(offset: number, length: number): Uint8Array {
    const valid =
      Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
    if (!valid || offset + length > this.#size) {
      throw new PlatformError('SGX_GP', 'outside of the enclave', { field: 'address' });
    }
    const bytes = new Uint8Array(length);
    for (let page = offset - (offset % PAGE_BYTES); page < offset + length; page += PAGE_BYTES) {
      const content = this.#pages.get(page);
      if (content === undefined) continue;
      const from = Math.max(offset, page);
      const to = Math.min(offset + length, page + PAGE_BYTES);
      bytes.set(content.subarray(from - page, to - page), from - offset);
    }
    return bytes;
  }
}

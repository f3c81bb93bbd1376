import type { KeyObject } from 'node:crypto';
import { toHex } from '@touchstone/bytes';
import { p256PublicKey } from '@touchstone/pki';
import { Lru } from './lru';

/**
 * Public keys by their bytes. A platform signs all its quotes with one attestation key, and making a key object (which
 * checks that the point is on the curve) costs about as much as verifying a signature.
 */
export class KeyMemo {
  readonly #keys: Lru<KeyObject>;

  constructor(capacity: number) {
    this.#keys = new Lru(capacity);
  }

  /** @param point x||y, 64 bytes. @throws PkiError */
  p256(point: Uint8Array): KeyObject {
    const id = toHex(point);
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = p256PublicKey(point);
    this.#keys.set(id, key);
    return key;
  }
}

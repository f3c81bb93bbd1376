import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { concat, equal, fromUtf8 } from '@touchstone/bytes';
import { AttestedKeyError } from './attested-key-error';

/** X25519 secrets and public keys (RFC 7748). */
export const CHANNEL_KEY_BYTES = 32;
const CALL_KEY_BYTES = 32;
const MAC_BYTES = 32;
const HASH = 'sha256';
/** No JWS and no certificate begins like this, so that a proof never passes for either. */
const PROOF_LABEL = fromUtf8('touchstone attested key channel 1\0');
const CALL_LABEL = fromUtf8('touchstone attested key call 1\0');
/** DER around the bare 32 bytes (RFC 8410). */
const PKCS8_PREFIX = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]);
const SPKI_PREFIX = Uint8Array.from([
  0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00,
]);

/** The public keys of both ends, 32 bytes each: who may have things signed, and the enclave that signs. */
export interface ChannelEnds {
  readonly controller: Uint8Array;
  readonly enclave: Uint8Array;
}

/** Public key (32 bytes) of an X25519 secret (32 random bytes). */
export function channelPublicKey(secret: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(spki.subarray(SPKI_PREFIX.length));
}

/** What the newborn key signs, so that its controller knows whose end of the channel it talks to. */
export const channelProofInput = ({ controller, enclave }: ChannelEnds): Uint8Array =>
  concat(PROOF_LABEL, controller, enclave);

/**
 * The key (32 bytes) under which calls go from one end to the other: X25519, then HKDF-SHA256 over both public keys.
 *
 * @throws AttestedKeyError ATTESTED_KEY_CHANNEL
 */
export function agreeCallKey(secret: Uint8Array, ends: ChannelEnds): Uint8Array {
  const { controller, enclave } = ends;
  const own = channelPublicKey(secret);
  const peer = equal(own, controller) ? enclave : controller;
  if (equal(own, peer) || (!equal(own, controller) && !equal(own, enclave))) throw noChannel();
  const info = concat(CALL_LABEL, controller, enclave);
  return new Uint8Array(
    hkdfSync(HASH, sharedSecret(secret, peer), new Uint8Array(), info, CALL_KEY_BYTES),
  );
}

/** HMAC-SHA256 of the data, then the data. A call that is sent twice has the same thing signed twice: the same signature. */
export const encodeCall = (callKey: Uint8Array, data: Uint8Array): Uint8Array =>
  concat(mac(callKey, data), data);

/** The data of a call. @throws AttestedKeyError ATTESTED_KEY_CALL_REFUSED */
export function decodeCall(callKey: Uint8Array, call: Uint8Array): Uint8Array {
  const data = call.subarray(MAC_BYTES);
  if (call.length < MAC_BYTES || !equal(call.subarray(0, MAC_BYTES), mac(callKey, data)))
    throw new AttestedKeyError('ATTESTED_KEY_CALL_REFUSED', 'the call has another key');
  return data;
}

const mac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac(HASH, key).update(data).digest());

function privateKey(secret: Uint8Array): KeyObject {
  if (secret.length !== CHANNEL_KEY_BYTES) throw noChannel();
  const key = Buffer.from(concat(PKCS8_PREFIX, secret));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** A point of small order has no shared secret with anybody; OpenSSL refuses it. */
function sharedSecret(secret: Uint8Array, peer: Uint8Array): Uint8Array {
  if (peer.length !== CHANNEL_KEY_BYTES) throw noChannel();
  const key = Buffer.from(concat(SPKI_PREFIX, peer));
  try {
    const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
    return new Uint8Array(diffieHellman({ privateKey: privateKey(secret), publicKey }));
  } catch {
    throw noChannel();
  }
}

const noChannel = (): AttestedKeyError =>
  new AttestedKeyError('ATTESTED_KEY_CHANNEL', 'no channel leads there', { field: 'channelKey' });

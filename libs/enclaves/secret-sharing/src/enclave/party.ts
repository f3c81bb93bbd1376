import { createPublicKey, publicEncrypt, constants, randomBytes } from 'node:crypto';
import { concat, fromUtf8, sha256, toUtf8 } from '@touchstone/bytes';
import { makeKeyEvidence } from '@touchstone/enclave-key-release';
import type { KeyEvidence } from '@touchstone/enclave-key-release';
import type { Enclave, RsaKeyPair } from '@touchstone/enclave-sdk';
import { decodeConfiguration, type Configuration } from '../configuration';
import {
  CHALLENGE_BYTES,
  type AttestationOrder,
  type AttestedKey,
  type PeerFacts,
} from '../messages';
import { SecretSharingError } from '../secret-sharing-error';
import { verifyPeer } from './peer';

const RSA_BITS = 2048;
const AES_KEY_BYTES = 32;
const PEM_TYPE = 'PUBLIC KEY';

/**
 * One party of an exchange. B: its RSA key is attested, and the shared key comes back to it. A: it takes B's key, and gives its
 * AES key away under it. Which of them a party is, is what it is asked for first.
 */
export class Party {
  #configuration: Configuration | undefined;
  #own: Promise<RsaKeyPair> | undefined;
  #peerKey: Uint8Array | undefined;
  #sharedKey: Uint8Array | undefined;
  #clientKey: Uint8Array | undefined;
  #challenge: Uint8Array | undefined;

  /** Once in an enclave's life. CONFIGURATION_TAKEN, CONFIGURATION_MISMATCH, CONFIGURATION_INVALID. */
  configure(bytes: Uint8Array, enclave: Enclave): void {
    if (this.#configuration !== undefined) {
      throw new SecretSharingError('CONFIGURATION_TAKEN', 'the enclave is configured already');
    }
    enclave.verifyConfiguration(bytes);
    this.#configuration = decodeConfiguration(bytes);
  }

  /** What the peer's next evidence has to answer; the one before it is forgotten. */
  newChallenge(): Uint8Array {
    this.#challenge = Uint8Array.from(randomBytes(CHALLENGE_BYTES));
    return this.#challenge;
  }

  async attest(order: AttestationOrder, enclave: Enclave): Promise<AttestedKey> {
    const { kind, challenge = new Uint8Array(CHALLENGE_BYTES), targetInfo, format } = order;
    const key = kind === 'PEM' ? await this.#publicPem(enclave) : this.#wrappedKey();
    // The shared key is for the one key that it is wrapped to, and the report says so.
    const second = kind === 'PEM' ? challenge : sha256(this.#peerPem());
    const reportData = concat(sha256(key), second);
    const report =
      targetInfo === undefined
        ? await enclave.getEvidence(reportData, { format: format ?? 'sgx-quote' })
        : enclave.getReport(targetInfo, reportData);
    return { kind, key, report };
  }

  async verify(attested: AttestedKey, enclave: Enclave): Promise<PeerFacts> {
    const configuration = this.#required();
    const required = configuration.freshness === 'required';
    const expected =
      attested.kind === 'PEM' ? this.#challenge : sha256(await this.#publicPem(enclave));
    const facts = await verifyPeer(attested, enclave, configuration, { required, expected });
    if (attested.kind === 'PEM') this.#takePeerKey(attested.key);
    else this.#sharedKey = await this.#unwrap(attested.key, enclave);
    return facts;
  }

  /** A key from a client that has no evidence. UNATTESTED_REFUSED unless the configuration lets it. */
  async takeKey(key: Uint8Array, enclave: Enclave): Promise<void> {
    if (this.#required().unattestedKeys !== true) {
      throw new SecretSharingError('UNATTESTED_REFUSED', 'keys are taken from attested peers only');
    }
    this.#clientKey = await this.#unwrap(key, enclave);
  }

  /** Evidence for an attestation service: this party's key and a nonce of the caller's are what it is bound to. */
  async evidence(nonce: Uint8Array, enclave: Enclave): Promise<KeyEvidence> {
    this.#own ??= enclave.generateRsaKeyPair(RSA_BITS);
    return makeKeyEvidence((await this.#own).publicJwk, nonce, enclave);
  }

  /** A report for a target on this processor, over this party's key and up to 32 bytes of the caller's. */
  async report(targetInfo: Uint8Array, nonce: Uint8Array, enclave: Enclave): Promise<Uint8Array> {
    return enclave.getReport(targetInfo, concat(sha256(await this.#publicPem(enclave)), nonce));
  }

  /** 32 bytes, shared with a peer. KEY_MISSING before there is one. */
  sharedKey(): Uint8Array {
    return given(this.#sharedKey);
  }

  /** 32 bytes: the client's key, whose data nobody outside may have back, or else the peer's. KEY_MISSING. */
  attachedDataKey(): Uint8Array {
    return given(this.#clientKey ?? this.#sharedKey);
  }

  #required(): Configuration {
    if (this.#configuration !== undefined) return this.#configuration;
    throw new SecretSharingError('CONFIGURATION_MISSING', 'the enclave is not configured yet');
  }

  async #publicPem(enclave: Enclave): Promise<Uint8Array> {
    this.#own ??= enclave.generateRsaKeyPair(RSA_BITS);
    return pem((await this.#own).publicKeySpki);
  }

  #takePeerKey(key: Uint8Array): void {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(toUtf8(key));
      if (asymmetricKeyType !== 'rsa' || asymmetricKeyDetails?.modulusLength !== RSA_BITS)
        throw new TypeError('another kind of key');
    } catch (cause) {
      throw new SecretSharingError('KEY_INVALID', `the peer's key is not RSA-${RSA_BITS}`, {
        field: 'key',
        cause,
      });
    }
    this.#peerKey = key.slice();
    this.#challenge = undefined;
  }

  /** This party's key, born with the first request, to the peer's. */
  #wrappedKey(): Uint8Array {
    const key = toUtf8(this.#peerPem());
    this.#sharedKey ??= Uint8Array.from(randomBytes(AES_KEY_BYTES));
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return Uint8Array.from(publicEncrypt({ key, padding, oaepHash: 'sha256' }, this.#sharedKey));
  }

  #peerPem(): Uint8Array {
    if (this.#peerKey !== undefined) return this.#peerKey;
    throw new SecretSharingError('KEY_MISSING', "no peer's key is attested yet", { field: 'key' });
  }

  async #unwrap(cipherText: Uint8Array, enclave: Enclave): Promise<Uint8Array> {
    this.#own ??= enclave.generateRsaKeyPair(RSA_BITS);
    const key = (await this.#own).decryptOaep(cipherText);
    if (key.length === AES_KEY_BYTES) return key;
    throw new SecretSharingError('KEY_INVALID', `the shared key is not ${AES_KEY_BYTES} bytes`, {
      field: 'key',
    });
  }
}

function given(key: Uint8Array | undefined): Uint8Array {
  if (key !== undefined) return key;
  throw new SecretSharingError('KEY_MISSING', 'no key is shared yet', { field: 'key' });
}

function pem(spki: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(spki)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return fromUtf8(`-----BEGIN ${PEM_TYPE}-----\n${lines.join('\n')}\n-----END ${PEM_TYPE}-----\n`);
}

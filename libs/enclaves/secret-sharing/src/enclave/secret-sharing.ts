import { ByteReader, concat, sha256, toHex } from '@touchstone/bytes';
import type { Ecall, Enclave } from '@touchstone/enclave-sdk';
import { FILE_HEADER_BYTES, FILE_TAG_BYTES, MAX_BLOCK_BYTES } from '../file-cipher';
import {
  bytesIn,
  decodeAttestationOrder,
  decodeAttestedKey,
  decodeMessage,
  encodeMessage,
  MAX_KEY_BYTES,
  requestInvalid,
  TARGET_INFO_BYTES,
} from '../messages';
import { Files } from './files';
import { Party } from './party';
import { openStoredData } from './stored-data';

const NOTHING = new Uint8Array();

/** The ECALLs of one enclave; `README.md` says what goes in and out. */
export function createSecretSharing() {
  const party = new Party();
  const files = new Files();
  return {
    configure: async (payload: Uint8Array, enclave: Enclave) => {
      party.configure(payload, enclave);
      return NOTHING;
    },
    'target-info': async (_payload: Uint8Array, enclave: Enclave) => enclave.ownTargetInfo(),
    challenge: async () => party.newChallenge(),
    attestation: async (payload: Uint8Array, enclave: Enclave) =>
      encodeMessage(await party.attest(decodeAttestationOrder(payload), enclave)),
    'verify-attestation': async (payload: Uint8Array, enclave: Enclave) =>
      encodeMessage(await party.verify(decodeAttestedKey(payload), enclave)),
    'take-key': async (payload: Uint8Array, enclave: Enclave) => {
      await party.takeKey(bytesIn(decodeMessage(payload), 'key', MAX_KEY_BYTES), enclave);
      return NOTHING;
    },
    evidence: async (nonce: Uint8Array, enclave: Enclave) =>
      encodeMessage(await party.evidence(nonce, enclave)),
    report: async (payload: Uint8Array, enclave: Enclave) =>
      party.report(
        payload.subarray(0, TARGET_INFO_BYTES),
        payload.subarray(TARGET_INFO_BYTES),
        enclave,
      ),
    'open-file': async (payload: Uint8Array) => encodeMessage(openFile(payload)),
    block: async (payload: Uint8Array) => {
      const reader = new ByteReader(payload);
      const file = reader.u32le('file');
      const last = reader.u8('last') === 1;
      return files.block(file, payload.subarray(reader.offset), last);
    },
    'decrypt-attached-data': async (payload: Uint8Array) => toldOf(decryptWhole(payload)),
    'open-stored-data': async (payload: Uint8Array, enclave: Enclave) =>
      toldOf(await openStoredData(payload, enclave)),
  } satisfies Record<string, Ecall>;

  function openFile(payload: Uint8Array): { file: number; header: Uint8Array } {
    const members = decodeMessage(payload);
    if (members['mode'] === 'encrypt') return files.open('encrypt', party.sharedKey());
    if (members['mode'] !== 'decrypt') throw requestInvalid('mode');
    const header = bytesIn(members, 'header', FILE_HEADER_BYTES);
    return files.open('decrypt', party.sharedKey(), header);
  }

  /** Header and blocks of the greatest size, the last one shorter or as long, one behind the other. */
  function decryptWhole(payload: Uint8Array): Uint8Array {
    const header = payload.slice(0, FILE_HEADER_BYTES);
    const { file } = files.open('decrypt', party.attachedDataKey(), header);
    const size = MAX_BLOCK_BYTES + FILE_TAG_BYTES;
    const parts: Uint8Array[] = [];
    for (let start = FILE_HEADER_BYTES; ; start += size) {
      const last = start + size >= payload.length;
      parts.push(files.block(file, payload.subarray(start, start + size), last));
      if (last) return concat(...parts);
    }
  }
}

/** All that leaves of data that was given for the enclave's eyes: that it was opened, whole. */
const toldOf = (opened: Uint8Array): Uint8Array =>
  encodeMessage({ bytes: opened.length, sha256: toHex(sha256(opened)) });

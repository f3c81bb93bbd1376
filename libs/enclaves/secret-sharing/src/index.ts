// What a host application of the parties needs. The enclave itself is `enclave/main.ts`, which is bundled and measured.
export { inBlocks, STREAM_BLOCK_BYTES, throughEnclave } from './blocks';
export type { Block, EnterWithEach } from './blocks';
export { decodeConfiguration, encodeConfiguration, MAX_CONFIGURATION_BYTES } from './configuration';
export type { Configuration } from './configuration';
export {
  FILE_HEADER_BYTES,
  FILE_TAG_BYTES,
  FileCipher,
  MAX_BLOCK_BYTES,
  newFileHeader,
} from './file-cipher';
export {
  CHALLENGE_BYTES,
  decodeAttestedKey,
  decodeMessage,
  encodeMessage,
  KEY_KINDS,
} from './messages';
export type { AttestationOrder, AttestedKey, KeyKind, PeerFacts } from './messages';
export { createPartyClient } from './party-client';
export type { EnterEnclave, OpenFile, PartyClient } from './party-client';
export { SecretSharingError } from './secret-sharing-error';
export type { SecretSharingErrorCode } from './secret-sharing-error';
export { encryptStoredData } from './stored-data';

import { encodeConfiguration, type Configuration } from './configuration';
import {
  bytesIn,
  decodeAttestedKey,
  decodeMessage,
  encodeMessage,
  type AttestationOrder,
  type AttestedKey,
} from './messages';
import { FILE_HEADER_BYTES } from './file-cipher';

/** One ECALL of the enclave, however its host is reached. */
export type EnterEnclave = (name: string, payload: Uint8Array) => Promise<Uint8Array>;

/** An open file: its number at this enclave, and its header. */
export interface OpenFile {
  readonly file: number;
  readonly header: Uint8Array;
}

/** A party as its host application reaches it. What the enclave refuses fails as `EnterEnclave` does. */
export interface PartyClient {
  configure(configuration: Configuration): Promise<void>;
  /** TARGETINFO, 512 bytes. */
  targetInfo(): Promise<Uint8Array>;
  /** A challenge for its peer's evidence, 32 bytes. */
  challenge(): Promise<Uint8Array>;
  attest(order: AttestationOrder): Promise<AttestedKey>;
  /** Has the party judge a peer's key; what it found out. */
  verify(attested: AttestedKey): Promise<Readonly<Record<string, unknown>>>;
  /** Opens a file for its blocks: a new one to encrypt, or the one of a header to decrypt. */
  openFile(header?: Uint8Array): Promise<OpenFile>;
}

export function createPartyClient(enter: EnterEnclave): PartyClient {
  const ask = (name: string, payload: Uint8Array = new Uint8Array()): Promise<Uint8Array> =>
    enter(name, payload);
  return {
    configure: async (configuration) => {
      await ask('configure', encodeConfiguration(configuration));
    },
    targetInfo: () => ask('target-info'),
    challenge: () => ask('challenge'),
    attest: async (order) => decodeAttestedKey(await ask('attestation', encodeMessage(order))),
    verify: async (attested) =>
      decodeMessage(await ask('verify-attestation', encodeMessage(attested))),
    openFile: async (header) => {
      const order = header === undefined ? { mode: 'encrypt' } : { mode: 'decrypt', header };
      const opened = decodeMessage(await ask('open-file', encodeMessage(order)));
      return {
        file: Number(opened['file']),
        header: bytesIn(opened, 'header', FILE_HEADER_BYTES),
      };
    },
  };
}

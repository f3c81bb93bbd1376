import { randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  CHANNEL_KEY_BYTES,
  agreeCallKey,
  channelProofInput,
  channelPublicKey,
  decodeCall,
  encodeKeyBirth,
  keyReportData,
} from '@touchstone/attested-key';
import type { Ecall } from '@touchstone/enclave-sdk';
import { TokenSignerError } from './token-signer-error';

const KEY_BITS = 2048;

interface BornKey {
  readonly privateKey: KeyObject;
  /** Whoever has this key too has things signed. */
  readonly callKey: Uint8Array;
}

/** The enclave's entry points, around one key that lives as long as the enclave does. */
export function createTokenSigner(): { readonly bear: Ecall; readonly sign: Ecall } {
  let bearing = false;
  let born: BornKey | undefined;

  return {
    /**
     * The controller's end of the channel (X25519, 32 bytes) to what the enclave says of the key that was born for it. Once
     * only: the host cannot have the key obey another controller. TOKEN_SIGNER_BORN, ATTESTED_KEY_CHANNEL.
     */
    async bear(controller, enclave) {
      if (bearing) throw new TokenSignerError('TOKEN_SIGNER_BORN', 'the key is born already');
      bearing = true;
      const secret = new Uint8Array(randomBytes(CHANNEL_KEY_BYTES));
      const ends = { controller, enclave: channelPublicKey(secret) };
      const callKey = agreeCallKey(secret, ends);
      const { privateKey, publicKeySpki: spki } = await enclave.generateRsaKeyPair(KEY_BITS);
      const proof = new Uint8Array(sign('sha256', channelProofInput(ends), privateKey));
      const quote = await enclave.getEvidence(keyReportData(spki), { format: 'sgx-quote' });
      born = { privateKey, callKey };
      return encodeKeyBirth({ spki, quote, channelKey: ends.enclave, proof });
    },

    /** A call of the controller to the signature of its data. TOKEN_SIGNER_UNBORN, ATTESTED_KEY_CALL_REFUSED. */
    async sign(call) {
      if (!born) throw new TokenSignerError('TOKEN_SIGNER_UNBORN', 'there is no key yet');
      return new Uint8Array(sign('sha256', decodeCall(born.callKey, call), born.privateKey));
    },
  };
}

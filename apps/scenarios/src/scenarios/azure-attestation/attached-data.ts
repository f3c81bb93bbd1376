import { randomBytes } from 'node:crypto';
import { concat, sha256, toHex } from '@touchstone/bytes';
import type { SecretSharingClient } from '@touchstone/enclave-rpc';
import { FileCipher, newFileHeader } from '@touchstone/enclave-secret-sharing';
import { DATA_KEY_BYTES } from '@touchstone/encrypted-data';
import { asked } from '../../frame/refused';
import type { Stage } from '../../frame/scenario';
import { CLIENT, encryptTo, type AttestedServer } from './relying-client';

const ATTACHED_BYTES = 64 * 1024;
const random = (length: number): Uint8Array => Uint8Array.from(randomBytes(length));

/** The client gives its key to the key in the token, and then data under its key, by the guide's own calls. */
export async function shareAttachedData(
  { narrator, check }: Stage,
  serverName: string,
  wire: SecretSharingClient,
  { publicKey }: AttestedServer,
): Promise<void> {
  const [key, data] = [random(DATA_KEY_BYTES), random(ATTACHED_BYTES)];
  const wrapped = encryptTo(publicKey, key);
  const taken = await asked(
    serverName,
    wire.verifyAttestation('SYNC_SYM', new Uint8Array(), wrapped),
  );
  narrator.step(
    CLIENT,
    'makes an AES-256 key, and sends it encrypted to the key in the token',
    { 'encrypted key': `${wrapped.length} bytes`, answer: taken.msg },
    'Its private half was born in the attested enclave and has never left it.',
  );
  const header = newFileHeader(random);
  const encrypted = new FileCipher('encrypt', key, header).block(data, true);
  const { msg } = await asked(serverName, wire.decryptAttachedData(concat(header, encrypted)));
  narrator.step(serverName, 'decrypts the attached data inside', {
    bytes: data.length,
    answer: msg,
  });
  const expected = toHex(sha256(data));
  check({
    name: 'the enclave opened the attached data, whole',
    ok: taken.ok && msg.includes(expected),
    read: msg,
    expected,
  });
}

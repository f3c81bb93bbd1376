import { randomBytes } from 'node:crypto';
import { fromUtf8 } from '@touchstone/bytes';
import { obtainKey } from '@touchstone/enclave-key-release';
import type { Enclave } from '@touchstone/enclave-sdk';
import { decryptData } from '@touchstone/encrypted-data';
import { decodeMessage, textIn } from '../messages';
import { SecretSharingError } from '../secret-sharing-error';
import { STORED_DATA_LABEL } from '../stored-data';

const RSA_BITS = 2048;
const DOWNLOAD_OCALL = 'download';

/**
 * Data that its owner left in a storage account, under a key that he left in a vault: the key is released to this enclave, the blob is
 * fetched by the host, and opened inside. `{keyId, blobUrl, attestationUrl}`.
 * @throws SecretSharingError STORED_DATA_REFUSED; KeyReleaseError; whatever stops the host's errands
 */
export async function openStoredData(
  payload: Uint8Array,
  enclave: Pick<Enclave, 'generateRsaKeyPair' | 'getEvidence' | 'ocall'>,
  obtain = obtainKey,
): Promise<Uint8Array> {
  const members = decodeMessage(payload);
  const blobUrl = textIn(members, 'blobUrl');
  const key = await obtain(enclave, {
    keyPair: await enclave.generateRsaKeyPair(RSA_BITS),
    random: { bytes: (length) => Uint8Array.from(randomBytes(length)) },
    keyId: textIn(members, 'keyId'),
    attestationUrl: textIn(members, 'attestationUrl'),
  });
  const encrypted = await enclave.ocall(DOWNLOAD_OCALL, fromUtf8(JSON.stringify({ blobUrl })));
  const opened = decryptData(STORED_DATA_LABEL, key, encrypted);
  key.fill(0);
  if (opened !== undefined) return opened;
  throw new SecretSharingError('STORED_DATA_REFUSED', 'the blob does not open under this key', {
    field: 'blobUrl',
  });
}

import { randomBytes } from 'node:crypto';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { generateRsaKeyPair } from '@touchstone/enclave-sdk';
import { encryptStoredData } from '../stored-data';
import { openStoredData } from './stored-data';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const key = random.bytes(32);
const plain = fromUtf8('for the eyes of the enclave');
const order = {
  keyId: 'https://v.test/keys/k',
  blobUrl: 'https://s.test/account/shared/data?sig=s',
  attestationUrl: 'https://a.test',
};
const json = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));
const released = async (): Promise<Uint8Array> => Uint8Array.from(key);

/** A host whose storage account has this blob. */
const enclaveWith = (blob: Uint8Array, asked: string[] = []) => ({
  generateRsaKeyPair,
  getEvidence: async () => new Uint8Array(),
  ocall: async (name: string, payload: Uint8Array) => {
    asked.push(`${name} ${toUtf8(payload)}`);
    return blob;
  },
});

describe('openStoredData', () => {
  it('opens the blob with the key that was released', async () => {
    const asked: string[] = [];
    const enclave = enclaveWith(encryptStoredData(key, plain, random), asked);
    expect(await openStoredData(json(order), enclave, released)).toEqual(plain);
    expect(asked).toEqual([`download ${JSON.stringify({ blobUrl: order.blobUrl })}`]);
  });

  it('asks for the key that it was told of, from where it was told to', async () => {
    const requests: object[] = [];
    const enclave = enclaveWith(encryptStoredData(key, plain, random));
    await openStoredData(json(order), enclave, async (_enclave, { keyId, attestationUrl }) => {
      requests.push({ keyId, attestationUrl });
      return released();
    });
    const { keyId, attestationUrl } = order;
    expect(requests).toEqual([{ keyId, attestationUrl }]);
  });

  it('refuses a blob that does not open under the key', async () => {
    const blob = encryptStoredData(random.bytes(32), plain, random);
    await expect(openStoredData(json(order), enclaveWith(blob), released)).rejects.toMatchObject({
      code: 'STORED_DATA_REFUSED',
    });
  });

  it.each(['keyId', 'blobUrl', 'attestationUrl'])('refuses an order without %s', async (name) => {
    const changed = json({ ...order, [name]: undefined });
    const enclave = enclaveWith(new Uint8Array());
    await expect(openStoredData(changed, enclave, released)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      field: name,
    });
  });
});

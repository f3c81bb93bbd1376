import { createPublicKey } from 'node:crypto';
import { toHex } from '@touchstone/bytes';
import { keyReportData, maaKeyDigest, maaKeyId } from './key-id';

/** A key of the live service with the identifier under which it was published. */
const PUBLISHED = {
  modulus:
    'r9j-q28SPNhrrw8GUzRzohNpE8JVXQNo7d91nx6NwRfyCIQFRPXzmo397Jt1DthkLAwZ1lHC186aERuMKLnYEx6bfVUCNlb536o9BX3F8ypd-HDCn0sBXS2nEJrcAsLF4d1y42hYcqZVwb4-vY2YfinQFkefNzAyJGEDtfQPjulu0QNA2JY2Z-8YCIpBqlMessbxqaygX1IUL4w8_HAYldeKhtoSIwiAqWy-6PS0g05yUFJN6QyQvqrcjTZUba1C0UZlPsb84-hXoeHZ9ACzcOkBHfCiT73zLuhYhEKVv5rZXgKUWfpxQQcO9XeUhpsbDqPrlT2Jt3norixDHHx6OQ',
  kid: '2GngAh6THYrWW/xZMrf90NbrQorw6wbd15QqcOAdFQ4=',
  digest: 'd869e0021e931d8ad65bfc5932b7fdd0d6eb428af0eb06ddd7942a70e01d150e',
};

describe('maaKeyId', () => {
  const key = createPublicKey({
    key: { kty: 'RSA', n: PUBLISHED.modulus, e: 'AQAB' },
    format: 'jwk',
  });
  const spki = new Uint8Array(key.export({ format: 'der', type: 'spki' }));

  it('names a published key as the live service does', () => {
    expect(maaKeyId(spki)).toBe(PUBLISHED.kid);
  });

  it('is the digest that stands in the report data of an enclave-born key', () => {
    expect(toHex(maaKeyDigest(spki))).toBe(PUBLISHED.digest);
    expect(toHex(keyReportData(spki))).toBe(`${PUBLISHED.digest}${'00'.repeat(32)}`);
  });
});

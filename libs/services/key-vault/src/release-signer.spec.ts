import { X509Certificate, createHash, verify } from 'node:crypto';
import { memorySigningKeys } from './__fixtures__/memory-stores';
import { NOW } from './__fixtures__/an-authority';
import { openReleaseSigner } from './release-signer';

const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
const decode = (part = '') =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

describe('openReleaseSigner', () => {
  it('signs with the key of its leaf, and its chain leads to its root', async () => {
    const signer = await openReleaseSigner({ store: memorySigningKeys(), random, at: NOW });
    const [header, payload, signature = ''] = signer
      .sign({ request: 1, response: 2, a: 3 })
      .split('.');
    expect(Buffer.from(payload ?? '', 'base64url').toString()).toBe(
      '{"request":1,"response":2,"a":3}',
    );
    const { x5c, ...names } = decode(header);
    const chain = (x5c as string[]).map((der) => new X509Certificate(Buffer.from(der, 'base64')));
    const [leaf, intermediate, root] = chain;
    if (!leaf || !intermediate || !root) throw new TypeError('the chain has three certificates');
    expect(
      verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        leaf.publicKey,
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true);
    expect(
      leaf.verify(intermediate.publicKey) &&
        intermediate.verify(root.publicKey) &&
        root.verify(root.publicKey),
    ).toBe(true);
    expect(leaf.subject).toBe('CN=vault.azure.net');
    expect(leaf.subjectAltName).toContain('DNS:*.vault.azure.net');
    const digest = (algorithm: string) => createHash(algorithm).update(leaf.raw).digest();
    expect(names).toEqual({
      alg: 'RS256',
      kid: digest('sha1').toString('hex').toUpperCase(),
      x5t: digest('sha1').toString('base64url'),
      typ: 'JWT',
      'x5t#S256': digest('sha256').toString('base64url'),
    });
    expect(Object.keys(decode(header))).toEqual(['alg', 'kid', 'x5t', 'typ', 'x5t#S256', 'x5c']);
  });

  it('uses the key that is stored, whoever stored it', async () => {
    const store = memorySigningKeys();
    const [one, other] = await Promise.all([
      openReleaseSigner({ store, random, at: NOW }),
      openReleaseSigner({ store, random, at: NOW }),
    ]);
    expect(store.records).toHaveLength(1);
    expect(one.sign({ a: 1 })).toBe(other.sign({ a: 1 }));
  });

  it('takes a new key when the certificates end soon', async () => {
    const store = memorySigningKeys();
    await openReleaseSigner({ store, random, at: NOW });
    await openReleaseSigner({ store, random, at: new Date('2031-02-20T00:00:00Z') });
    expect(store.records.map(({ id }) => id)).toEqual(['vault-release-1', 'vault-release-2']);
  });
});

import { metadataDocument } from '@touchstone/token';
import { AUTHORITY, NOW, anAuthority, otherSigner } from './__fixtures__/an-authority';
import { MAX_AUTHORITIES } from './authority-copies';
import {
  AUTHORITY_FRESH_MS,
  AUTHORITY_REFRESH_MS,
  MAX_AUTHORITY_KEYS,
  createAuthorityKeys,
} from './authority-keys';

const later = (ms: number) => new Date(NOW.getTime() + ms);
const METADATA = `${AUTHORITY}/.well-known/openid-configuration`;
const unreachable = expect.objectContaining({
  code: 'VAULT_AUTHORITY_UNREACHABLE',
  field: AUTHORITY,
});

describe('createAuthorityKeys', () => {
  it('asks for metadata, then for the keys that it names', async () => {
    const authority = anAuthority();
    const keys = await createAuthorityKeys(authority.documents).keys(`${AUTHORITY}/`, NOW);
    expect(keys.map(({ kid }) => kid)).toEqual([authority.signers[0]?.kid]);
    expect(authority.fetched).toEqual([METADATA, `${AUTHORITY}/certs`]);
  });

  it('asks once while its copy is fresh, however many want it', async () => {
    const authority = anAuthority();
    const keys = createAuthorityKeys(authority.documents);
    await Promise.all([keys.keys(AUTHORITY, NOW), keys.keys(`${AUTHORITY}/`, NOW)]);
    await keys.keys(AUTHORITY, later(AUTHORITY_FRESH_MS - 1), authority.signers[0]?.kid);
    expect(authority.fetched).toHaveLength(2);
    await keys.keys(AUTHORITY, later(AUTHORITY_FRESH_MS));
    expect(authority.fetched).toHaveLength(4);
  });

  it('asks again for an unknown kid, but not at any rate that a caller wishes', async () => {
    const authority = anAuthority();
    const keys = createAuthorityKeys(authority.documents);
    await keys.keys(AUTHORITY, NOW, 'unknown');
    await keys.keys(AUTHORITY, later(AUTHORITY_REFRESH_MS - 1), 'other');
    expect(authority.fetched).toHaveLength(2);
    authority.signers.push(otherSigner());
    const renewed = await keys.keys(AUTHORITY, later(AUTHORITY_REFRESH_MS), 'unknown');
    expect(renewed).toHaveLength(2);
    expect(authority.fetched).toHaveLength(4);
  });

  it('tries again after a failure', async () => {
    const authority = anAuthority();
    const keys = createAuthorityKeys(authority.documents);
    authority.overrides.set(METADATA, null);
    await expect(keys.keys(AUTHORITY, NOW)).rejects.toThrow(unreachable);
    authority.overrides.clear();
    expect(await keys.keys(AUTHORITY, NOW)).toHaveLength(1);
  });

  it.each([
    ['metadata that is no object', METADATA, []],
    ['no jwks_uri', METADATA, {}],
    ['a key set at another origin', METADATA, metadataDocument('https://evil.example.test')],
    [
      'a key set over another scheme',
      METADATA,
      { jwks_uri: `${AUTHORITY.replace('https', 'http')}/certs` },
    ],
    ['a key set without keys', `${AUTHORITY}/certs`, { keys: {} }],
  ])('refuses %s', async (_title, url, document) => {
    const authority = anAuthority();
    authority.overrides.set(url, document);
    await expect(createAuthorityKeys(authority.documents).keys(AUTHORITY, NOW)).rejects.toThrow(
      unreachable,
    );
  });

  it('drops what is no RSA key and looks at a bounded number', async () => {
    const authority = anAuthority();
    const key = { kty: 'RSA', kid: 'k', n: 'AQ', e: 'AQAB' };
    const keys = [
      null,
      'x',
      { kty: 'EC' },
      { kty: 'RSA', kid: 1 },
      ...Array(MAX_AUTHORITY_KEYS).fill(key),
    ];
    authority.overrides.set(`${AUTHORITY}/certs`, { keys });
    expect(await createAuthorityKeys(authority.documents).keys(AUTHORITY, NOW)).toHaveLength(
      MAX_AUTHORITY_KEYS - 4,
    );
  });

  it('keeps a bounded number of authorities', async () => {
    const fetched: string[] = [];
    const keys = createAuthorityKeys({
      fetchJson: async (url) => {
        fetched.push(url);
        return url.endsWith('/certs') ? { keys: [] } : metadataDocument(new URL(url).origin);
      },
      findJson: async () => undefined,
    });
    for (let i = 0; i <= MAX_AUTHORITIES; i += 1) await keys.keys(`https://a${i}.test`, NOW);
    const before = fetched.length;
    await keys.keys(`https://a${MAX_AUTHORITIES}.test`, NOW);
    expect(fetched).toHaveLength(before);
    await keys.keys('https://a0.test', NOW);
    expect(fetched).toHaveLength(before + 2);
  });
});

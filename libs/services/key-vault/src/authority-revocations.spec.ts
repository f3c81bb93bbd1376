import { EXTENSION_METADATA_PATH, extensionMetadata, revocationList } from '@touchstone/token';
import { AUTHORITY, NOW, anAuthority } from './__fixtures__/an-authority';
import { AUTHORITY_FRESH_MS } from './authority-keys';
import { REVOCATIONS_FRESH_MS, createAuthorityRevocations } from './authority-revocations';

const METADATA = `${AUTHORITY}${EXTENSION_METADATA_PATH}`;
const LIST = `${AUTHORITY}/revocations`;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const unreachable = expect.objectContaining({
  code: 'VAULT_AUTHORITY_UNREACHABLE',
  field: AUTHORITY,
});

function given(documents: Readonly<Record<string, unknown>>) {
  const authority = anAuthority();
  for (const [url, document] of Object.entries(documents)) authority.overrides.set(url, document);
  return { authority, revocations: createAuthorityRevocations(authority.documents) };
}
const listed = (...digests: readonly string[]) => ({
  [METADATA]: extensionMetadata(AUTHORITY),
  [LIST]: revocationList(digests),
});

describe('createAuthorityRevocations', () => {
  it('reads the list that the authority names', async () => {
    const { revocations, authority } = given(listed('a', 'b'));
    expect(await revocations.revoked(`${AUTHORITY}/`, NOW)).toEqual(new Set(['a', 'b']));
    expect(authority.fetched).toEqual([METADATA, LIST]);
  });

  it('has no list of an authority without one, and does not ask again for a while', async () => {
    const { revocations, authority } = given({});
    expect(await revocations.revoked(AUTHORITY, NOW)).toBeUndefined();
    await revocations.revoked(AUTHORITY, later(AUTHORITY_FRESH_MS - 1));
    expect(authority.fetched).toEqual([METADATA]);
  });

  it('asks for the list alone when it is old', async () => {
    const { revocations, authority } = given(listed('a'));
    await Promise.all([revocations.revoked(AUTHORITY, NOW), revocations.revoked(AUTHORITY, NOW)]);
    await revocations.revoked(AUTHORITY, later(REVOCATIONS_FRESH_MS - 1));
    expect(authority.fetched).toEqual([METADATA, LIST]);
    authority.overrides.set(LIST, revocationList(['a', 'b']));
    const renewed = await revocations.revoked(AUTHORITY, later(REVOCATIONS_FRESH_MS));
    expect(renewed?.size).toBe(2);
    expect(authority.fetched).toEqual([METADATA, LIST, LIST]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['does not say whether it has one', { [METADATA]: new Error('down') }],
    ['names one elsewhere', { [METADATA]: extensionMetadata('https://evil.example.test') }],
    ['has one that cannot be had', { [METADATA]: extensionMetadata(AUTHORITY) }],
    ['has one that cannot be read', { ...listed(), [LIST]: { revoked: 'all' } }],
  ])('does not guess when an authority %s', async (_name, documents) => {
    const { revocations } = given(documents);
    await expect(revocations.revoked(AUTHORITY, NOW)).rejects.toThrow(unreachable);
  });
});

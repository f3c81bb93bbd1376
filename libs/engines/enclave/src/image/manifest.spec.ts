import { AttributeFlag } from '@touchstone/quote';
import { codeOf } from '../__fixtures__/code-of';
import { MANIFEST } from '../__fixtures__/machine';
import { MAX_MANIFEST_CHARACTERS, attributeFlags, manifestToJson, parseManifest } from './manifest';

const KSS = { extendedProductId: 'e7'.repeat(16), familyId: 'fa'.repeat(16) };
const json = (change: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...MANIFEST, kss: KSS, ...change });

describe('parseManifest', () => {
  it('reads what manifestToJson writes', () => {
    const manifest = parseManifest(json({ attributes: ['AEX_NOTIFY'] }));
    expect(manifest.kss?.familyId).toEqual(new Uint8Array(16).fill(0xfa));
    expect(parseManifest(manifestToJson(manifest))).toEqual(manifest);
    expect(parseManifest(manifestToJson(MANIFEST))).toEqual(MANIFEST);
  });

  it('lets attributes be left out', () => {
    expect(parseManifest(json({ attributes: undefined })).attributes).toEqual([]);
  });

  it.each([
    ['name', 'Upper'],
    ['name', undefined],
    ['productId', 0x10000],
    ['productId', '7'],
    ['svn', -1],
    ['svn', 1.5],
    ['debug', 'false'],
    ['heapPages', 0],
    ['threads', 65],
    ['attributes', ['DEBUG']],
    ['attributes', ['PROVISION_KEY', 'PROVISION_KEY']],
    ['attributes', 'PROVISION_KEY'],
    ['kss', { extendedProductId: KSS.familyId }],
    ['kss', { ...KSS, familyId: 'FA'.repeat(16) }],
    ['heapSize', 1],
  ])('refuses a bad %s: %j', (member, value) => {
    expect(codeOf(() => parseManifest(json({ [member]: value })))).toBe(
      `ENCLAVE_MANIFEST_INVALID ${member}`,
    );
  });

  it('names all bad members at once', () => {
    expect(codeOf(() => parseManifest(json({ svn: '', debug: 1 })))).toBe(
      'ENCLAVE_MANIFEST_INVALID svn, debug',
    );
  });

  it.each([
    ['no JSON', '{', ''],
    ['no object', '[]', ' manifest'],
    ['too much', `"${'x'.repeat(MAX_MANIFEST_CHARACTERS)}"`, ' manifest'],
  ])('refuses %s', (_name, text, field) => {
    expect(codeOf(() => parseManifest(text))).toBe(`ENCLAVE_MANIFEST_INVALID${field}`);
  });
});

describe('attributeFlags', () => {
  it('sets KSS where the manifest has extended identities', () => {
    expect(attributeFlags(MANIFEST)).toBe(AttributeFlag.MODE64BIT);
    expect(attributeFlags(parseManifest(json()))).toBe(AttributeFlag.MODE64BIT | AttributeFlag.KSS);
  });
});

import { AttributeFlag, XfrmFlag, attributes } from '@touchstone/quote';
import { codeOf } from './__fixtures__/code-of';
import {
  CONTENT,
  aLayout,
  aLoadRequest,
  aProcessor,
  load,
  type Wish,
} from './__fixtures__/enclaves';
import { AUTHOR_KEY, VENDOR_KEY } from './__fixtures__/keys';
import type { LoadRequest } from './processor';
import { mrSignerOfKey } from './sigstruct-signature';

const { MODE64BIT, DEBUG, PROVISION_KEY, EINITTOKEN_KEY, KSS, INIT } = AttributeFlag;
const EVERYTHING = attributes(0xffff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn);

const loadWith = (change: Partial<LoadRequest>, wish: Wish = {}): string | undefined =>
  codeOf(() => aProcessor().load({ ...aLoadRequest(wish), ...change }));

describe('EINIT', () => {
  it('gives the enclave the identity that was measured and signed', () => {
    expect(load().identity).toMatchObject({
      mrEnclave: CONTENT.enclaveHash,
      mrSigner: mrSignerOfKey(AUTHOR_KEY),
      isvProdId: 7,
      isvSvn: 5,
      attributes: { flags: MODE64BIT | INIT, xfrm: XfrmFlag.LEGACY },
    });
  });

  it('refuses one changed byte', () => {
    expect(loadWith({ layout: aLayout(0xc1) })).toBe('SGX_INVALID_MEASUREMENT ENCLAVEHASH');
  });

  it('refuses a broken signature before anything else', () => {
    const { sigstruct } = aLoadRequest();
    sigstruct[1026] = 99;
    expect(loadWith({ sigstruct })).toBe('SGX_INVALID_SIGNATURE SIGNATURE');
  });

  it('leaves open what the mask leaves open', () => {
    expect(load({ debug: true }).identity.attributes.flags & DEBUG).toBe(DEBUG);
  });

  it('refuses DEBUG where the mask covers it', () => {
    expect(codeOf(() => load({ debug: true, content: { attributeMask: EVERYTHING } }))).toBe(
      'SGX_INVALID_ATTRIBUTE ATTRIBUTES',
    );
  });

  it('refuses other extended features than the signed ones, where the mask covers them', () => {
    const wider = { flags: MODE64BIT, xfrm: XfrmFlag.LEGACY | XfrmFlag.AVX };
    expect(loadWith({ attributes: wider })).toBeUndefined();
    expect(loadWith({ attributes: wider }, { content: { attributeMask: EVERYTHING } })).toBe(
      'SGX_INVALID_ATTRIBUTE ATTRIBUTES',
    );
  });

  it('refuses another MISCSELECT than the signed one, where the mask covers it', () => {
    expect(loadWith({ miscSelect: 1 })).toBe('SGX_INVALID_ATTRIBUTE MISCSELECT');
    expect(loadWith({ miscSelect: 1 }, { content: { miscMask: 0 } })).toBeUndefined();
  });

  it.each([
    ['PROVISION_KEY', PROVISION_KEY],
    ['EINITTOKEN_KEY', EINITTOKEN_KEY],
  ])('gives %s to the signers of launch control only', (_name, flag) => {
    const wish = { flags: MODE64BIT | flag };
    expect(codeOf(() => load(wish))).toBe('SGX_INVALID_ATTRIBUTE ATTRIBUTES');
    expect(codeOf(() => load({ ...wish, key: VENDOR_KEY }))).toBeUndefined();
  });

  it('knows extended identities of KSS enclaves only', () => {
    const content = {
      isvExtProdId: new Uint8Array(16).fill(1),
      isvFamilyId: new Uint8Array(16).fill(2),
    };
    expect(codeOf(() => load({ content }))).toBe('SGX_INVALID_SIG_STRUCT ISVEXTPRODID');
    expect(load({ content, flags: MODE64BIT | KSS }).identity).toMatchObject(content);
  });
});

describe('ECREATE', () => {
  it.each([
    ['INIT', { attributes: { flags: MODE64BIT | INIT, xfrm: XfrmFlag.LEGACY } }, 'SECS.ATTRIBUTES'],
    ['a reserved flag', { attributes: { flags: 0x8n, xfrm: XfrmFlag.LEGACY } }, 'SECS.ATTRIBUTES'],
    ['no SSE', { attributes: { flags: MODE64BIT, xfrm: 1n } }, 'SECS.ATTRIBUTES.XFRM'],
    ['a reserved MISCSELECT bit', { miscSelect: 2 }, 'SECS.MISCSELECT'],
    ['a short CONFIGID', { configId: new Uint8Array(63) }, 'SECS.CONFIGID'],
    ['a CONFIGID without KSS', { configId: new Uint8Array(64).fill(1) }, 'SECS.CONFIGID'],
    ['a CONFIGSVN without KSS', { configSvn: 1 }, 'SECS.CONFIGID'],
  ])('refuses %s', (_name, change, field) => {
    expect(loadWith(change)).toBe(`SGX_GP ${field}`);
  });
});

import { AttributeFlag } from '@touchstone/quote';
import {
  parseSigstruct,
  verifySigstruct,
  mrSignerOfKey,
  generateRsaKey,
} from '@touchstone/platform';
import { codeOf } from '../__fixtures__/code-of';
import { aMachine, anImage, signed } from '../__fixtures__/machine';
import { seeded } from '../__fixtures__/seeded';
import { aVendor } from '../__fixtures__/vendor';
import { signedEnclaveFromJson, signedEnclaveToJson } from './signed-enclave';

const vendor = aVendor();
const machine = aMachine(vendor);
const DEBUG = AttributeFlag.DEBUG;

describe('signEnclave', () => {
  it('states what the manifest states', () => {
    const kss = {
      extendedProductId: new Uint8Array(16).fill(1),
      familyId: new Uint8Array(16).fill(2),
    };
    const image = anImage({ kss });
    const sigstruct = parseSigstruct(signed(image));
    expect(sigstruct).toMatchObject({
      enclaveHash: image.mrEnclave,
      isvProdId: 7,
      isvSvn: 3,
      date: 0x20260102,
      vendor: 0,
      isvExtProdId: kss.extendedProductId,
      isvFamilyId: kss.familyId,
    });
    const key = generateRsaKey(seeded('author'), { modulusBits: 3072, publicExponent: 3 });
    expect(verifySigstruct(sigstruct).mrSigner).toEqual(mrSignerOfKey(key));
  });
});

describe('loadEnclave', () => {
  it('never loads a production image for debugging', () => {
    const image = anImage();
    expect(codeOf(() => machine.load(image, signed(image), { debug: true }))).toBe(
      'SGX_INVALID_ATTRIBUTE ATTRIBUTES',
    );
  });

  it('loads a debug image either way, as the same MRENCLAVE', () => {
    const image = anImage({ debug: true });
    const [open, closed] = [undefined, { debug: false }].map((options) =>
      machine.load(image, signed(image), options),
    );
    expect((open?.identity.attributes.flags ?? 0n) & DEBUG).toBe(DEBUG);
    expect((closed?.identity.attributes.flags ?? DEBUG) & DEBUG).toBe(0n);
    expect(open?.identity.mrEnclave).toEqual(anImage().mrEnclave);
    expect(codeOf(() => closed?.debugRead(0, 1))).toBe('SGX_GP EDBGRD');
    expect(open?.debugRead(0, 1)).toHaveLength(1);
  });

  it('gives a KSS enclave the configuration of the loader', () => {
    const image = anImage({
      kss: { extendedProductId: new Uint8Array(16), familyId: new Uint8Array(16) },
    });
    const configuration = { configId: new Uint8Array(64).fill(7), configSvn: 2 };
    expect(machine.load(image, signed(image), configuration).identity).toMatchObject(configuration);
  });

  it('refuses an image with one byte changed', () => {
    const changed = anImage({}, 'exports.ecalls = {}; ');
    expect(codeOf(() => machine.load(changed, signed(anImage())))).toBe(
      'SGX_INVALID_MEASUREMENT ENCLAVEHASH',
    );
  });

  it('keeps provisioning keys from authors', () => {
    const image = anImage({ attributes: ['PROVISION_KEY'] });
    expect(codeOf(() => machine.load(image, signed(image)))).toBe(
      'SGX_INVALID_ATTRIBUTE ATTRIBUTES',
    );
  });

  it("runs no application with provisioning keys, even under the vendor's name", () => {
    const image = anImage({ attributes: ['PROVISION_KEY'] });
    const sigstruct = signed(image, vendor.signerKeyPkcs8);
    expect(codeOf(() => machine.load(image, sigstruct))).toBe('ENCLAVE_NOT_ARCHITECTURAL bundle');
  });

  it('does not hand a second QE to the host', () => {
    const { manifest, code, sigstruct } = vendor.architectural.qe;
    const image = { ...anImage(manifest, Buffer.from(code).toString()) };
    expect(codeOf(() => machine.load(image, sigstruct))).toBe('ENCLAVE_NOT_ARCHITECTURAL role');
  });
});

describe('a shipped enclave', () => {
  it('round-trips as JSON', () => {
    const json = JSON.parse(
      JSON.stringify(signedEnclaveToJson(vendor.architectural.qe)),
    ) as unknown;
    expect(signedEnclaveFromJson(json)).toEqual(vendor.architectural.qe);
  });

  it.each([
    ['nothing', undefined, 'ENCLAVE_IMAGE_MALFORMED manifest'],
    [
      'a number for code',
      { manifest: '{}', code: 1 },
      'ENCLAVE_MANIFEST_INVALID name, productId, svn, debug, heapPages, threads',
    ],
    [
      'no SIGSTRUCT',
      { ...signedEnclaveToJson(vendor.architectural.pce), sigstruct: 1 },
      'ENCLAVE_IMAGE_MALFORMED sigstruct',
    ],
    [
      'no base64url',
      { ...signedEnclaveToJson(vendor.architectural.pce), code: '+' },
      'BYTES_INVALID_BASE64 code',
    ],
  ])('is refused as %s', (_name, value, code) => {
    expect(codeOf(() => signedEnclaveFromJson(value))).toBe(code);
  });
});

import { generateRsaKey, mrSignerOfKey } from '@touchstone/platform';
import { AttributeFlag } from '@touchstone/quote';
import { codeOf } from '../__fixtures__/code-of';
import { aMachine, anImage, signed } from '../__fixtures__/machine';
import { seeded } from '../__fixtures__/seeded';
import { aVendor } from '../__fixtures__/vendor';
import type { Machine } from '../machine';
import type { ListedSigner } from './bundle';
import { publishLaunchEnclave } from './publish';

const key = (seed: string): Uint8Array =>
  generateRsaKey(seeded(seed), { modulusBits: 3072, publicExponent: 3 });
const [OWNER, AUTHOR, STRANGER] = ['owner', 'listed', 'stranger'].map(key) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const vendor = aVendor();
const author: ListedSigner = { mrSigner: mrSignerOfKey(AUTHOR), provisioning: false };
const intel: ListedSigner = { mrSigner: vendor.mrSigner, provisioning: true };

const ownedMachine = (listed: readonly ListedSigner[], signerKeyPkcs8 = OWNER): Machine<unknown> =>
  aMachine(vendor, {
    launchEnclave: publishLaunchEnclave({ listed, signerKeyPkcs8, at: vendor.at }),
  });

describe('a machine whose owner decides what runs', () => {
  const machine = ownedMachine([intel, author]);
  const load = (signer: Uint8Array, debug = false) => {
    const image = anImage({ debug });
    return machine.load(image, signed(image, signer), { debug });
  };

  it("quotes with the vendor's enclaves, which its launch enclave lets run", () => {
    expect(machine.quoting.targetInfo()).toHaveLength(512);
    expect(machine.quoting.pckRequest().qeId).toEqual(aMachine(vendor).quoting.pckRequest().qeId);
  });

  it('runs enclaves of its owner and of listed signers', () => {
    expect(load(OWNER).identity.mrSigner).toEqual(mrSignerOfKey(OWNER));
    expect(load(AUTHOR).identity.mrSigner).toEqual(author.mrSigner);
  });

  it('runs nothing else but debug enclaves', () => {
    expect(codeOf(() => load(STRANGER))).toBe('LE_SIGNER_NOT_LISTED mrSigner');
    const { attributes } = load(STRANGER, true).identity;
    expect(attributes.flags & AttributeFlag.DEBUG).toBe(AttributeFlag.DEBUG);
  });

  it('does not take a token in place of the right one', () => {
    const image = anImage();
    const einitToken = new Uint8Array(304);
    expect(codeOf(() => machine.load(image, signed(image, AUTHOR), { einitToken }))).toBe(
      'SGX_INVALID_EINITTOKEN VALID',
    );
  });

  it.each([
    ['the vendor', [author], 'LE_SIGNER_NOT_LISTED mrSigner'],
    [
      "the vendor's provisioning",
      [{ ...intel, provisioning: false }],
      'LE_INVALID_ATTRIBUTE attributes',
    ],
  ])('does not start without leave for %s', (_whom, listed, code) => {
    expect(codeOf(() => ownedMachine(listed))).toBe(code);
  });

  it('needs a launch enclave that is one', () => {
    const launchEnclave = vendor.architectural.qe;
    expect(codeOf(() => aMachine(vendor, { launchEnclave }))).toBe(
      'ENCLAVE_NOT_ARCHITECTURAL role',
    );
  });

  it("takes no quoting enclave but the vendor's, whoever has signed it", () => {
    const impostor = aVendor('impostor');
    const listed = [intel, { mrSigner: impostor.mrSigner, provisioning: true }];
    const launchEnclave = publishLaunchEnclave({ listed, signerKeyPkcs8: OWNER, at: vendor.at });
    const { architectural } = impostor;
    expect(codeOf(() => aMachine(vendor, { launchEnclave, architectural }))).toBe(
      'ENCLAVE_NOT_ARCHITECTURAL role',
    );
  });
});

import {
  createProcessor,
  encodeEinitToken,
  generateRsaKey,
  mrSignerOfKey,
  parseEinitToken,
  type EinitToken,
  type EnclaveInstructions,
} from '@touchstone/platform';
import { AttributeFlag } from '@touchstone/quote';
import { codeOf } from '../__fixtures__/code-of';
import { CPU_SVN, RPK, RSK, anImage, signed } from '../__fixtures__/machine';
import { seeded } from '../__fixtures__/seeded';
import type { EnclaveImage } from '../image/image';
import { loadEnclave, loadRequest, type LoadOptions } from '../image/load-enclave';
import type { EnclaveManifest } from '../image/manifest';
import type { ListedSigner } from './bundle';
import { startLaunchEnclave } from './launch-enclave';

const key = (seed: string): Uint8Array =>
  generateRsaKey(seeded(seed), { modulusBits: 3072, publicExponent: 3 });
/** The one who decides what runs here, an author, and another one. */
const [OWNER, AUTHOR, STRANGER] = ['owner', 'author', 'stranger'].map(key) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const hash = mrSignerOfKey(OWNER);

const aProcessor = (rootSealKey = RSK, launchKeyHash: Uint8Array = hash) =>
  createProcessor<EnclaveInstructions>({
    rootProvisioningKey: RPK,
    rootSealKey,
    cpuSvn: CPU_SVN,
    ownerEpoch: new Uint8Array(16),
    random: seeded('launch'),
    launchControl: { launchKeyHash, privilegedSigners: [] },
    execute: (_memory, instructions) => instructions,
  });

const LISTED: readonly ListedSigner[] = [{ mrSigner: mrSignerOfKey(AUTHOR), provisioning: false }];

/** A launch enclave of the owner, started on a processor. */
function launchEnclave(listed = LISTED, processor = aProcessor(), wish: LoadOptions = {}) {
  const debug = wish.debug ?? false;
  const image = anImage({ attributes: ['EINITTOKEN_KEY'], debug }, 'launch enclave');
  const { running } = loadEnclave(processor, image, signed(image, OWNER), wish);
  return startLaunchEnclave(running, listed);
}

interface Wanted {
  readonly manifest?: Partial<EnclaveManifest>;
  readonly code?: string;
  readonly author?: Uint8Array;
  readonly debug?: boolean;
}
const image = ({ manifest, code }: Wanted): EnclaveImage => anImage(manifest, code);

function requestFor(wanted: Wanted) {
  const { author = AUTHOR, debug = false } = wanted;
  const { attributes } = loadRequest(image(wanted), new Uint8Array(), { debug });
  return { mrEnclave: image(wanted).mrEnclave, mrSigner: mrSignerOfKey(author), attributes };
}

/** Code of what EINIT refuses the enclave with, `undefined` when it runs. */
const launch = (
  wanted: Wanted,
  einitToken?: Uint8Array,
  processor = aProcessor(),
): string | undefined =>
  codeOf(() => {
    const { author = AUTHOR, debug = false } = wanted;
    const options = { debug, ...(einitToken && { einitToken }) };
    loadEnclave(processor, image(wanted), signed(image(wanted), author), options);
  });

describe('a machine with a launch key', () => {
  it("runs its owner's enclaves by themselves, with whatever keys they ask for", () => {
    expect(launch({ author: OWNER })).toBeUndefined();
    expect(
      launch({ author: OWNER, manifest: { attributes: ['PROVISION_KEY', 'EINITTOKEN_KEY'] } }),
    ).toBeUndefined();
  });

  it('runs no other without a token', () => {
    expect(launch({})).toBe('SGX_INVALID_EINITTOKEN EINITTOKEN');
  });

  it('runs an enclave with a token of its launch enclave, also after a restart', () => {
    expect(launch({}, launchEnclave().token(requestFor({})))).toBeUndefined();
  });

  it('gives the launch key to nobody else', () => {
    const wanted = { manifest: { attributes: ['EINITTOKEN_KEY' as const] } };
    expect(launch(wanted)).toBe('SGX_INVALID_ATTRIBUTE ATTRIBUTES');
  });

  it('lets the launch enclave decide over PROVISION_KEY', () => {
    const wanted = { manifest: { attributes: ['PROVISION_KEY' as const] } };
    const trusting = [{ mrSigner: mrSignerOfKey(AUTHOR), provisioning: true }];
    expect(launch(wanted, launchEnclave(trusting).token(requestFor(wanted)))).toBeUndefined();
    expect(codeOf(() => launchEnclave().token(requestFor(wanted)))).toBe(
      'LE_INVALID_ATTRIBUTE attributes',
    );
  });

  it.each<[string, Wanted, string]>([
    ['another enclave', { code: 'other' }, 'SGX_INVALID_MEASUREMENT MRENCLAVE'],
    ['another signer', { author: STRANGER }, 'SGX_INVALID_MEASUREMENT MRSIGNER'],
    [
      'other attributes',
      { manifest: { debug: true }, debug: true },
      'SGX_INVALID_ATTRIBUTE EINITTOKEN',
    ],
  ])('refuses a token for %s', (_what, wanted, code) => {
    expect(launch(wanted, launchEnclave().token(requestFor({})))).toBe(code);
  });

  it.each<[string, Partial<EinitToken>, string]>([
    ['is not valid', { valid: false }, 'SGX_INVALID_EINITTOKEN VALID'],
    ['has another MAC', { mac: new Uint8Array(16) }, 'SGX_INVALID_EINITTOKEN MAC'],
    ['has another KEYID', { keyId: new Uint8Array(32) }, 'SGX_INVALID_EINITTOKEN MAC'],
    ['is of the future', { cpuSvnLe: new Uint8Array(16).fill(9) }, 'SGX_INVALID_CPUSVN CPUSVNLE'],
    [
      'is of a debug launch enclave',
      { maskedAttributesLe: { flags: AttributeFlag.DEBUG, xfrm: 0n } },
      'SGX_INVALID_EINITTOKEN MASKEDATTRIBUTESLE',
    ],
  ])('refuses a token that %s', (_what, change, code) => {
    const token = parseEinitToken(launchEnclave().token(requestFor({})));
    expect(launch({}, encodeEinitToken({ ...token, ...change }))).toBe(code);
  });

  it('lets a debug launch enclave launch debug enclaves only', () => {
    const debugging = launchEnclave(LISTED, aProcessor(), { debug: true });
    const wanted = { manifest: { debug: true }, debug: true };
    expect(launch(wanted, debugging.token(requestFor(wanted)))).toBeUndefined();
    expect(launch({}, debugging.token(requestFor({})))).toBe(
      'SGX_INVALID_EINITTOKEN MASKEDATTRIBUTESLE',
    );
  });

  it('refuses a token of another processor, and one of another launch key', () => {
    const token = launchEnclave().token(requestFor({}));
    const elsewhere = aProcessor(new Uint8Array(16).fill(7));
    const otherOwner = aProcessor(RSK, mrSignerOfKey(STRANGER));
    expect(launch({}, token, elsewhere)).toBe('SGX_INVALID_EINITTOKEN MAC');
    expect(launch({}, token, otherOwner)).toBe('SGX_INVALID_EINITTOKEN MAC');
  });

  it('needs a whole launch key hash', () => {
    expect(codeOf(() => aProcessor(RSK, new Uint8Array(31)))).toBe(
      'SGX_INVALID_FUSES launchKeyHash',
    );
  });
});

describe('a launch enclave', () => {
  it('gives a token to listed signers, and for debug enclaves to anybody', () => {
    const stranger = { author: STRANGER };
    expect(codeOf(() => launchEnclave().token(requestFor(stranger)))).toBe(
      'LE_SIGNER_NOT_LISTED mrSigner',
    );
    const debug = { ...stranger, manifest: { debug: true }, debug: true };
    expect(launch(debug, launchEnclave().token(requestFor(debug)))).toBeUndefined();
  });

  it('makes no other launch enclave', () => {
    const wanted = { manifest: { attributes: ['EINITTOKEN_KEY' as const] } };
    expect(codeOf(() => launchEnclave().token(requestFor(wanted)))).toBe(
      'LE_INVALID_ATTRIBUTE attributes',
    );
  });
});

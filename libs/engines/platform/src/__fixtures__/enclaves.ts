import { AttributeFlag, XfrmFlag, attributes } from '@touchstone/quote';
import { measureEnclave } from '../measurement';
import { PAGE_BYTES, PAGE_KIND, type EnclaveLayout } from '../pages';
import {
  createProcessor,
  type EnclaveInstructions,
  type LoadRequest,
  type LoadedEnclave,
  type Processor,
  type ProcessorOptions,
} from '../processor';
import type { SigstructContent } from '../sigstruct';
import { buildSigstruct, mrSignerOfKey } from '../sigstruct-signature';
import { AUTHOR_KEY, VENDOR_KEY } from './keys';
import { seeded } from './seeded';

export const CPU_SVN = new Uint8Array(16).fill(4);

export const aLayout = (fill = 0xc0): EnclaveLayout => ({
  size: 0x4000,
  ssaFrameSize: 1,
  pages: [
    {
      offset: 0,
      flags: PAGE_KIND.CODE,
      content: new Uint8Array(PAGE_BYTES).fill(fill),
      measured: true,
    },
    { offset: 0x1000, flags: PAGE_KIND.DATA, measured: false },
  ],
});

export const CONTENT: SigstructContent = {
  vendor: 0,
  date: 0x20260102,
  miscSelect: 0,
  miscMask: 0xffff_ffff,
  isvFamilyId: new Uint8Array(16),
  attributes: attributes(AttributeFlag.MODE64BIT, XfrmFlag.LEGACY),
  attributeMask: attributes(~AttributeFlag.DEBUG & 0xffff_ffff_ffff_ffffn, XfrmFlag.LEGACY),
  enclaveHash: measureEnclave(aLayout()),
  isvExtProdId: new Uint8Array(16),
  isvProdId: 7,
  isvSvn: 5,
};

/** What a test may want different, in the signature and in the load request alike. */
export interface Wish {
  readonly flags?: bigint;
  /** Set at load only; the signature leaves DEBUG open. */
  readonly debug?: boolean;
  readonly xfrm?: bigint;
  readonly miscSelect?: number;
  readonly layout?: EnclaveLayout;
  readonly content?: Partial<SigstructContent>;
  readonly key?: Uint8Array;
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
}

export function aLoadRequest(wish: Wish = {}): LoadRequest {
  const {
    flags = AttributeFlag.MODE64BIT,
    xfrm = XfrmFlag.LEGACY,
    layout = aLayout(),
    miscSelect = 0,
  } = wish;
  const content = {
    ...CONTENT,
    attributes: attributes(flags, xfrm),
    miscSelect,
    enclaveHash: measureEnclave(layout),
    ...wish.content,
  };
  return {
    layout,
    attributes: { flags: wish.debug ? flags | AttributeFlag.DEBUG : flags, xfrm },
    miscSelect,
    sigstruct: buildSigstruct(content, wish.key ?? AUTHOR_KEY),
    ...(wish.configId && { configId: wish.configId }),
    ...(wish.configSvn !== undefined && { configSvn: wish.configSvn }),
  };
}

/** The tests' execution unit shows what code inside would have: its instructions. */
export const aProcessor = (
  overrides: Partial<ProcessorOptions<EnclaveInstructions>> = {},
): Processor<EnclaveInstructions> =>
  createProcessor<EnclaveInstructions>({
    rootProvisioningKey: new Uint8Array(16).fill(0x11),
    rootSealKey: new Uint8Array(16).fill(0x22),
    cpuSvn: CPU_SVN,
    ownerEpoch: new Uint8Array(16).fill(0x0e),
    launchControl: { privilegedSigners: [mrSignerOfKey(VENDOR_KEY)] },
    random: seeded('processor'),
    execute: (_memory, instructions) => instructions,
    ...overrides,
  });

export const load = (
  wish: Wish = {},
  processor = aProcessor(),
): LoadedEnclave<EnclaveInstructions> => processor.load(aLoadRequest(wish));

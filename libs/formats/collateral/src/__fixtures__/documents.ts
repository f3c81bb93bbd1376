import { fromHex, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import type { EnclaveIdentityContent } from '../enclave-identity';
import type { PckExtension } from '../pck-extension';
import type { TcbInfoContent, TcbLevel, TdxModule } from '../tcb-info';

export function failureOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (hasCode(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** The same text with one part of it replaced; the part must be there once. */
export function edited(body: Uint8Array, from: string, to: string): Uint8Array {
  const text = toUtf8(body);
  if (text.split(from).length !== 2) throw new Error(`${from} is not there once`);
  return fromUtf8(text.replace(from, () => to));
}

export const signature = new Uint8Array(64).fill(0xab);

const components = (...first: number[]): number[] => [
  ...first,
  ...Array<number>(16 - first.length).fill(0),
];

export const topLevel: TcbLevel = {
  sgxComponents: components(12, 12, 3, 3, 255, 1),
  pceSvn: 13,
  tcbDate: new Date('2024-03-13T00:00:00Z'),
  tcbStatus: 'UpToDate',
  advisoryIds: [],
};

export const oldLevel: TcbLevel = {
  sgxComponents: components(11, 11, 2, 2, 255, 1),
  pceSvn: 13,
  tcbDate: new Date('2023-02-15T00:00:00Z'),
  tcbStatus: 'OutOfDate',
  advisoryIds: ['INTEL-SA-00615', 'INTEL-SA-00657'],
};

export const sgxContent: TcbInfoContent = {
  id: 'SGX',
  version: 3,
  issueDate: new Date('2026-03-01T00:00:00Z'),
  nextUpdate: new Date('2026-03-31T00:00:00Z'),
  fmspc: '00a067110000',
  pceId: '0000',
  tcbType: 0,
  tcbEvaluationDataNumber: 17,
  tcbLevels: [topLevel, oldLevel],
};

const tdxModule: TdxModule = {
  mrSigner: new Uint8Array(48),
  attributes: new Uint8Array(8),
  attributesMask: new Uint8Array(8).fill(0xff),
};

export const tdxContent: TcbInfoContent = {
  ...sgxContent,
  id: 'TDX',
  tdxModule,
  tdxModuleIdentities: [
    {
      id: 'TDX_01',
      ...tdxModule,
      tcbLevels: [
        {
          isvSvn: 6,
          tcbDate: new Date('2024-11-13T00:00:00Z'),
          tcbStatus: 'UpToDate',
          advisoryIds: [],
        },
      ],
    },
  ],
  tcbLevels: [{ ...topLevel, tdxComponents: components(5, 0, 8) }],
};

export const identityContent: EnclaveIdentityContent = {
  id: 'QE',
  version: 2,
  issueDate: new Date('2026-03-01T00:00:00Z'),
  nextUpdate: new Date('2026-03-31T00:00:00Z'),
  tcbEvaluationDataNumber: 17,
  miscselect: new Uint8Array(4),
  miscselectMask: new Uint8Array(4).fill(0xff),
  attributes: fromHex('11000000000000000000000000000000'),
  attributesMask: fromHex('fbffffffffffffff0000000000000000'),
  mrsigner: new Uint8Array(32).fill(0x8c),
  isvProdId: 1,
  tcbLevels: [
    {
      isvSvn: 8,
      tcbDate: new Date('2024-03-13T00:00:00Z'),
      tcbStatus: 'UpToDate',
      advisoryIds: [],
    },
    {
      isvSvn: 6,
      tcbDate: new Date('2021-11-10T00:00:00Z'),
      tcbStatus: 'OutOfDate',
      advisoryIds: ['INTEL-SA-00615'],
    },
  ],
};

export const processorExtension: PckExtension = {
  ppid: fromHex('00112233445566778899aabbccddeeff'),
  tcb: {
    components: components(12, 12, 3, 3, 255, 128),
    pceSvn: 258,
    cpuSvn: Uint8Array.from(components(12, 12, 3, 3, 255, 128)),
  },
  pceId: fromHex('0000'),
  fmspc: fromHex('00a067110000'),
  sgxType: 'Standard',
};

export const platformExtension: PckExtension = {
  ...processorExtension,
  sgxType: 'ScalableWithIntegrity',
  platformInstanceId: new Uint8Array(16).fill(7),
  configuration: { dynamicPlatform: true, cachedKeys: false, smtEnabled: true },
};

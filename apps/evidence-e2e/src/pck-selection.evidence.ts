import {
  encodeTcbInfo,
  parsePckExtension,
  parseTcbInfo,
  signedDocument,
} from '@touchstone/collateral';
import type { TcbInfo, TcbLevel, TcbStatus } from '@touchstone/collateral';
import { selectPckCertificate } from '@touchstone/service-pck-cache';
import type { CandidateCertificate } from '@touchstone/service-pck-cache';
import { parsePemChain } from '@touchstone/pki';
import { changedFiles, fileOf, itemsOf, readText } from './manifest';

const [item] = itemsOf('pck-certificates');
if (item === undefined) throw new Error('the manifest has no certificates to select from');

/** Version 1, of 2018, had one word of status for a level and neither dates nor evaluation numbers. */
interface FirstTcbInfo {
  readonly tcbInfo: {
    readonly issueDate: string;
    readonly nextUpdate: string;
    readonly fmspc: string;
    readonly pceId: string;
    readonly tcbLevels: readonly {
      readonly tcb: Readonly<Record<string, number>>;
      readonly status: TcbStatus;
    }[];
  };
}

/** The same levels as version 2, the oldest that is read here. The selection asks for no signature. */
const modernTcbInfo = (): TcbInfo => {
  const { tcbInfo } = JSON.parse(readText(fileOf(item, 'tcb_info.json'))) as FirstTcbInfo;
  const issueDate = new Date(tcbInfo.issueDate);
  const inner = encodeTcbInfo({
    id: 'SGX',
    version: 2,
    issueDate,
    nextUpdate: new Date(tcbInfo.nextUpdate),
    fmspc: tcbInfo.fmspc,
    pceId: tcbInfo.pceId,
    tcbType: 0,
    tcbEvaluationDataNumber: 1,
    tcbLevels: tcbInfo.tcbLevels.map(({ tcb, status }): TcbLevel => ({
      sgxComponents: Array.from(
        { length: 16 },
        (_, index) => tcb[`sgxtcbcomp${String(index + 1).padStart(2, '0')}svn`] ?? 0,
      ),
      pceSvn: tcb['pcesvn'] ?? 0,
      tcbDate: issueDate,
      tcbStatus: status,
      advisoryIds: [],
    })),
  });
  return parseTcbInfo(signedDocument('tcbInfo', inner, new Uint8Array(64)));
};

interface Certified {
  readonly file: string;
  readonly candidate: CandidateCertificate;
  readonly cpuSvn: Uint8Array;
  readonly pceSvn: number;
}

const certified: readonly Certified[] = item.files
  .filter((file) => file.endsWith('.pem'))
  .map((file) => {
    const certificate = readText(file);
    const [leaf] = parsePemChain(certificate, 1);
    if (leaf === undefined) throw new Error(`${file} is empty`);
    const { cpuSvn, pceSvn } = parsePckExtension(leaf).tcb;
    const tcbm = Buffer.from([...cpuSvn, pceSvn & 0xff, pceSvn >> 8])
      .toString('hex')
      .toUpperCase();
    return { file, candidate: { tcbm, certificate }, cpuSvn, pceSvn };
  });

/** Every SVN of these platforms is one or zero, ones first. */
const ones = (count: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, index) => (index < count ? 1 : 0));

function chosenFor(cpuSvn: Uint8Array, pceSvn: number, candidates = certified): string | undefined {
  const chosen = selectPckCertificate({
    cpuSvn,
    pceSvn,
    pceId: new Uint8Array(2),
    tcbInfo: modernTcbInfo(),
    candidates: candidates.map(({ candidate }) => candidate),
  });
  const found = certified.find(({ candidate }) => candidate.tcbm === chosen?.tcbm);
  return found && /pck\d/.exec(found.file)?.[0];
}

const reaches = (cpuSvn: Uint8Array, pceSvn: number, other: Certified): boolean =>
  pceSvn >= other.pceSvn && other.cpuSvn.every((svn, index) => (cpuSvn[index] ?? 0) >= svn);

describe(item.id, () => {
  it('has the bytes that the manifest was written for', () => {
    expect(changedFiles(item)).toEqual([]);
  });

  it.each([
    [16, 8, 'pck4'],
    [16, 7, 'pck4'],
    [15, 8, 'pck5'],
    [15, 7, 'pck0'],
    [16, 5, 'pck1'],
    [12, 5, 'pck6'],
    [11, 9, 'pck3'],
    [7, 9, 'pck2'],
    [16, 4, 'pck3'],
    [16, 3, undefined],
    [3, 9, undefined],
  ])('a platform with %d components and PCESVN %d gets %s', (count, pceSvn, expected) => {
    expect(chosenFor(ones(count), pceSvn)).toBe(expected);
  });

  it.each(certified.map((one) => [one.file, one] as const))(
    'a platform that is exactly at %s gets this one',
    (file, { cpuSvn, pceSvn }) => {
      expect(file).toContain(`${chosenFor(cpuSvn, pceSvn)}_`);
    },
  );

  it('the choice is not above the platform, and none that is not above it is higher', () => {
    for (let count = 0; count <= 16; count++) {
      for (let pceSvn = 0; pceSvn <= 9; pceSvn++) {
        const cpuSvn = ones(count);
        const below = certified.filter((one) => reaches(cpuSvn, pceSvn, one));
        const name = chosenFor(cpuSvn, pceSvn);
        expect(name === undefined).toBe(below.length === 0);
        const choice = below.find(({ file }) => file.includes(`${name}_`));
        if (name === undefined || choice === undefined) continue;
        const higher = below.filter(
          (one) => one !== choice && reaches(one.cpuSvn, one.pceSvn, choice),
        );
        expect(higher.map(({ file }) => file)).toEqual([]);
      }
    }
  });

  it('the order in which they are kept does not matter to platforms that are exactly at one', () => {
    const reversed = certified.toReversed();
    for (const { file, cpuSvn, pceSvn } of certified)
      expect(file).toContain(`${chosenFor(cpuSvn, pceSvn, reversed)}_`);
  });
});

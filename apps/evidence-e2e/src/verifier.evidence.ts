import type { GivenFile, Judgement } from '@touchstone/service-verifier';
import {
  INTEL_ANCHORS,
  parseKindName,
  parseWithout,
  verifyEvidence,
} from '@touchstone/service-verifier';
import type { EvidenceItem } from './manifest';
import { fileOf, itemsOf, readEvidence } from './manifest';
import type { ExpectedVerdict } from './quote-items';
import { QUOTE_KINDS, verdictsOf } from './quote-items';

// What a person with a folder gets: evidence as it lies there, and collateral found by content alone.

const given = (file: string, meant: boolean): GivenFile => ({
  name: file,
  bytes: readEvidence(file),
  meant,
});

const filesOf = (...kinds: readonly string[]): GivenFile[] =>
  itemsOf(...kinds).flatMap(({ files }) => files.map((file) => given(file, false)));

const certificates = filesOf('root-certificate', 'ca-certificate');
const documents = filesOf('tcb-info', 'enclave-identity', 'pck-crl', 'root-ca-crl');

const judged = (
  item: EvidenceItem,
  verdict: ExpectedVerdict,
  collateral: readonly GivenFile[],
): Promise<Judgement> =>
  verifyEvidence({
    evidence: readEvidence(fileOf(item, 'quote.bin', 'oe-report.bin', 'evidence')),
    kind: parseKindName(item.kind),
    collateral,
    at: new Date(verdict.now ?? item.now ?? '2025-05-28T00:00:00Z'),
    anchors: INTEL_ANCHORS,
    without: parseWithout(verdict.collateralFiles && !verdict.pckCrl ? 'pck-crl' : ''),
  });

const CODES: Readonly<Record<string, string>> = {
  'reject: tcb-info-expired, qe-identity-expired': 'TCB_INFO_EXPIRED',
  'reject: tcb-not-supported': 'TCB_NOT_SUPPORTED',
  'reject: pck-chain': 'INTERMEDIATE_CA_INVALID_ISSUER',
};

function expectVerdict({ document }: Judgement, expected: ExpectedVerdict): void {
  const code = CODES[expected.verdict];
  if (code !== undefined) {
    expect(document).toMatchObject({ verdict: 'rejected', code });
    return;
  }
  expect(document).toMatchObject({
    verdict: 'genuine',
    tcbStatus: expected.overallTcbStatus,
    qeStatus: expected.qeIdentity?.status,
    anchor: 'intel',
  });
}

const cases = itemsOf(...QUOTE_KINDS).flatMap((item) =>
  verdictsOf(item).map((verdict) => [item.id, verdict.now ?? 'any time', item, verdict] as const),
);

describe.each(cases)('%s at %s', (_id, _now, item, verdict) => {
  it('gets its verdict with the documents that are named for it', async () => {
    const named = Object.values(verdict.collateralFiles ?? {}).flatMap((file) =>
      file === null ? [] : [given(file, true)],
    );
    const judgement = await judged(item, verdict, [...named, ...certificates]);
    expectVerdict(judgement, verdict);
    expect(judgement.document.advisories).toEqual(
      expect.arrayContaining([...(CODES[verdict.verdict] ? [] : (verdict.advisoryIDs ?? []))]),
    );
  });

  it('gets it out of a folder with every document there is', async () => {
    expectVerdict(await judged(item, verdict, [...documents, ...certificates]), verdict);
  });
});

const own = itemsOf(...QUOTE_KINDS).flatMap((item) =>
  item.files
    .filter((file) => file.endsWith('collateral.json') || file.endsWith('endorsements'))
    .map((file) => [item.id, item, file] as const),
);

describe.each(own)('%s', (_id, item, file) => {
  it('gets its verdict with the file that came with it', async () => {
    const [verdict] = verdictsOf(item);
    if (verdict === undefined) throw new Error('a verdict is expected');
    expectVerdict(await judged(item, verdict, [given(file, true)]), verdict);
  });
});

describe.each(itemsOf('ias-avr').map((item) => [item.id, item] as const))('%s', (_id, item) => {
  const expected = item.expected as {
    isvEnclaveQuoteStatus: string;
    mrenclave: string;
    debug: boolean;
  };
  const envelope = item.files.find((file) => file.endsWith('.der'));
  const beside = item.files.filter((file) => /signature\.bin|signing-cert\.pem/.test(file));

  it.each([
    ['with what lies beside it', fileOf(item, 'report.json'), beside],
    ...(envelope === undefined
      ? []
      : [['out of the certificate that carries it', envelope, []] as const]),
  ] as const)('gets its verdict %s', async (_name, file, others) => {
    const { document } = await verifyEvidence({
      evidence: readEvidence(file),
      collateral: others.map((other) => given(other, true)),
      at: new Date(item.now ?? ''),
      anchors: INTEL_ANCHORS,
      without: [],
    });
    expect(document).toMatchObject({
      verdict: 'genuine',
      tcbStatus: expected.isvEnclaveQuoteStatus,
      facts: { mrEnclave: expected.mrenclave, debug: expected.debug },
    });
  });
});

import { sha256, toBase64Url, toHex } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import { OE_REPORT_HEADER_SIZE } from '@touchstone/quote';
import { AttestationStand, type Attested } from './attestation-stand';
import type { EvidenceItem } from './manifest';
import { fileOf, itemsOf, manifest, readEvidence } from './manifest';
import type { ExpectedVerdict } from './quote-items';
import { QUOTE_KINDS, collateralOf, quoteOf, verdictsOf } from './quote-items';

// Genuine evidence over HTTPS, judged by the service as it is deployed: Intel's root alone, documents out of a cache.

const MINUTE = 60_000;
jest.setTimeout(MINUTE);

/** Documents are renewed every month: none that is older is served any more. */
const MAXIMUM_AGE_MS = 31 * 24 * 60 * MINUTE;

interface Case {
  readonly item: EvidenceItem;
  readonly verdict: ExpectedVerdict;
  readonly at: Date;
}

const cases: readonly Case[] = itemsOf('sgx-quote-v3', 'oe-report')
  .flatMap((item) => verdictsOf(item).map((verdict) => ({ item, verdict })))
  .filter(({ verdict }) => verdict.collateralFiles !== undefined)
  .map(({ item, verdict }) => ({ item, verdict, at: new Date(verdict.now ?? '') }))
  .toSorted((a, b) => a.at.getTime() - b.at.getTime());

/** What is sent: the report with its header where there is one, and otherwise the quote without what follows it. */
function sentOf(item: EvidenceItem) {
  const wrapped = item.files.find((file) => file.endsWith('oe-report.bin'));
  return wrapped === undefined
    ? ({ operation: 'SgxEnclave', evidence: quoteOf(item).bytes } as const)
    : ({ operation: 'OpenEnclave', evidence: readEvidence(wrapped) } as const);
}

const expectedDigests = (evidence: Uint8Array, collateral: Collateral) => ({
  quotehash: hash(evidence),
  tcbinfohash: hash(collateral.tcbInfo),
  tcbinfocertshash: hash(Buffer.from(collateral.tcbInfoIssuerChain)),
  tcbinfocrlhash: hash(collateral.rootCaCrl),
  qeidhash: hash(collateral.qeIdentity),
  qeidcertshash: hash(Buffer.from(collateral.qeIdentityIssuerChain)),
  qeidcrlhash: hash(collateral.rootCaCrl),
});

/** The same document, as if it were of the family that an item's platform is of. */
function ofFamily({ facts }: EvidenceItem, tcbInfo: Uint8Array): Uint8Array {
  const { fmspc } = facts?.['pck'] as { readonly fmspc: string };
  return Buffer.from(
    Buffer.from(tcbInfo)
      .toString()
      .replace(/"fmspc":"\w+"/, `"fmspc":"${fmspc}"`),
  );
}

const hash = (bytes: Uint8Array): string => toHex(sha256(bytes));

function expectGranted(attested: Attested, { item, verdict }: Case, collateral: Collateral): void {
  const facts = item.facts ?? {};
  expect({ status: attested.status, decisive: attested.record.decisive }).toEqual({ status: 200 });
  expect(attested.claims).toMatchObject({
    'x-ms-attestation-type': 'sgx',
    'x-ms-sgx-is-debuggable': facts['debug'],
    'x-ms-sgx-mrenclave': facts['mrenclave'],
    'x-ms-sgx-mrsigner': facts['mrsigner'],
    'x-ms-sgx-product-id': facts['isvProdId'],
    'x-ms-sgx-svn': facts['isvSvn'],
    'x-ms-sgx-report-data': facts['reportData'],
    'x-ms-sgx-collateral': expectedDigests(sentOf(item).evidence, collateral),
  });
  expect(attested.record).toMatchObject({
    outcome: 'granted',
    anchor: 'intel',
    facts: {
      tcbStatus: verdict.overallTcbStatus,
      tcbDate: new Date(verdict.tcbDate ?? '').toISOString(),
      advisories: expect.arrayContaining([...(verdict.advisoryIDs ?? [])]) as unknown,
      fmspc: verdict.tcbInfo?.fmspc,
    },
  });
}

const refusalOf = ({ status, body, record }: Attested) => ({
  status,
  code: (body as { readonly error?: { readonly code: string } }).error?.code,
  decisive: record.decisive,
});

const refusedBy = (decisive: unknown) => ({ status: 400, code: 'InvalidParameter', decisive });

describe('the attestation service', () => {
  let service: AttestationStand;
  let strict: AttestationStand;

  beforeAll(async () => {
    const from = cases[0]?.at ?? new Date(0);
    service = await AttestationStand.open(from);
    strict = await AttestationStand.open(from, {
      collateralRules: { maximumAgeMs: MAXIMUM_AGE_MS },
    });
  });

  afterAll(() => Promise.all([service.close(), strict.close()]));

  async function worldOf({ verdict, at }: Case): Promise<Collateral> {
    const collateral = collateralOf(verdict, at) as Collateral;
    await service.setWorld(at, collateral);
    await strict.setWorld(at, collateral);
    return collateral;
  }

  const named = cases.map((one) => {
    const { tcbInfo } = one.verdict;
    const evaluation = `evaluation ${tcbInfo?.tcbEvaluationDataNumber}`;
    return [one.item.id, one.at.toISOString(), evaluation, one] as const;
  });

  it.each(named)('judges %s at %s by %s', async (_id, _at, _evaluation, one) => {
    const collateral = await worldOf(one);
    const { operation, evidence } = sentOf(one.item);
    const attested = await service.attest(operation, evidence);
    // The baseline takes documents past their date, as Azure does; a maximum age refuses them.
    expectGranted(attested, one, collateral);
    const expired = one.verdict.verdict.startsWith('reject: tcb-info-expired');
    expect(attested.record.facts).toMatchObject({
      collateral: { expired: expired ? ['tcb-info', 'qe-identity'] : [] },
    });
    const aged = await strict.attest(operation, evidence);
    if (expired) expect(refusalOf(aged)).toEqual(refusedBy('collateral-age'));
    else expectGranted(aged, one, collateral);
  });

  it.each(named)('refuses %s at %s by %s with one thing changed', async (_id, _at, _ev, one) => {
    const collateral = await worldOf(one);
    const { operation, evidence } = sentOf(one.item);
    const forged = evidence.slice();
    const body = operation === 'OpenEnclave' ? OE_REPORT_HEADER_SIZE : 0;
    forged[body + 60]! ^= 1;
    expect(refusalOf(await service.attest(operation, forged))).toEqual(
      refusedBy('quote-signature'),
    );
    const tampered = collateral.tcbInfo.slice();
    tampered[tampered.length - 10]! ^= 1;
    await service.setWorld(one.at, { ...collateral, tcbInfo: tampered });
    expect(refusalOf(await service.attest(operation, evidence))).toEqual(
      refusedBy('tcb-info-signature'),
    );
    await service.setWorld(one.at, undefined);
    expect(refusalOf(await service.attest(operation, evidence))).toEqual(
      refusedBy('collateral-available'),
    );
  });

  const bound = cases.filter(({ item }) =>
    item.files.some((file) => file.endsWith('runtime-data.bin')),
  );
  it.each(bound.map((one) => [one.item.id, one.at.toISOString(), one] as const))(
    'takes the runtime data of %s at %s, and no other',
    async (_id, _at, one) => {
      const collateral = await worldOf(one);
      const { operation, evidence } = sentOf(one.item);
      const data = readEvidence(fileOf(one.item, 'runtime-data.bin'));
      const attested = await service.attest(operation, evidence, data);
      expectGranted(attested, one, collateral);
      expect(attested.claims).toMatchObject({ 'x-ms-sgx-ehd': toBase64Url(data) });
      const other = await service.attest(operation, evidence, data.subarray(1));
      expect(refusalOf(other)).toEqual(refusedBy('runtime-data-binding'));
    },
  );

  const followed = cases.filter(({ item }) => quoteOf(item).trailing.length > 0);
  it.each(followed.map((one) => [one.item.id, one.at.toISOString(), one] as const))(
    'takes the quote of %s at %s only without what follows it',
    async (_id, _at, one) => {
      await worldOf(one);
      const { bytes, trailing } = quoteOf(one.item);
      const whole = Buffer.concat([bytes, trailing]);
      expect(refusalOf(await service.attest('SgxEnclave', whole))).toEqual(
        refusedBy('evidence-format'),
      );
    },
  );

  it('refuses a report whose chain is not Intel’s', async () => {
    const [one] = cases;
    const [item] = itemsOf('oe-report').filter(({ id }) => id === 'oe-report-bad-chain');
    if (!one || !item) throw new Error('the manifest has a report with a bad chain');
    // Nothing is recorded of its family; the chain is looked at before anybody asks who signed the documents.
    const collateral = await worldOf(one);
    await service.setWorld(one.at, { ...collateral, tcbInfo: ofFamily(item, collateral.tcbInfo) });
    const { operation, evidence } = sentOf(item);
    const attested = await service.attest(operation, evidence);
    expect(refusalOf(attested)).toEqual(refusedBy('intermediate-ca-issuer'));
    expect(attested.record).not.toHaveProperty('anchor');
  });

  it('names what it has no operation for, and refuses every TDX quote as SGX evidence', async () => {
    const judged = new Set([...cases.map(({ item }) => item.id), 'oe-report-bad-chain']);
    const quotes = itemsOf(...QUOTE_KINDS).filter(({ id }) => !judged.has(id));
    const others = manifest.filter(({ kind }) => kind === 'ias-avr');
    const lines = [
      ...quotes.map(({ id, kind }) => `${id} (${kind}): no operation for TDX quotes`),
      ...others.map(({ id, kind }) => `${id} (${kind}): no operation for EPID reports`),
    ];
    process.stdout.write(
      `${lines.map((line) => `not through the attestation service: ${line}`).join('\n')}\n`,
    );
    expect(quotes.filter(({ kind }) => !kind.startsWith('tdx-quote'))).toEqual([]);
    for (const item of quotes) {
      const attested = await service.attest('SgxEnclave', quoteOf(item).bytes);
      expect({ id: item.id, ...refusalOf(attested) }).toEqual({
        id: item.id,
        ...refusedBy('evidence-format'),
      });
    }
  });
});

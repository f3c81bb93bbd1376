import { concat, fromUtf8, sha256, toHex } from '@touchstone/bytes';
import {
  attributes,
  encodeCustomClaims,
  encodeOeEvidence,
  encodeOeReport,
  OeEvidenceFormat,
} from '@touchstone/quote';
import { INTEL_ANCHORS } from './anchors';
import { bundle, judged, named } from './__fixtures__/judged';
import { AT, FMSPC, aWorld, filled, intelStructure } from './__fixtures__/world';

const world = aWorld();

describe('verifyEvidence', () => {
  it('gives a verdict on a genuine quote, with what it says and every check', async () => {
    const { document, kind } = await judged(world);
    expect(kind).toBe('sgx-quote-v3');
    expect(document).toMatchObject({
      verdict: 'genuine',
      code: null,
      tcbStatus: 'SWHardeningNeeded',
      qeStatus: 'UpToDate',
      advisories: ['INTEL-SA-00615'],
      anchor: 'tests',
      missing: [],
      facts: {
        mrEnclave: 'aa'.repeat(32),
        mrSigner: 'bb'.repeat(32),
        isvProdId: 7,
        isvSvn: 3,
        debug: false,
        fmspc: FMSPC,
        reportData: '00'.repeat(64),
        pckCa: 'processor',
      },
    });
    expect(document.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(document.checks.length).toBeGreaterThan(50);
    for (const check of document.checks) {
      expect(Object.keys(check)).toEqual(['name', 'result', 'detail']);
      expect(typeof check.detail).toBe('string');
    }
  });

  it('tells what everything together is worth, and until when', async () => {
    const { document } = await judged(world);
    const dated = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;
    expect(document.facts).toMatchObject({
      tcbDate: expect.stringMatching(dated) as string,
      tcbEvaluationDataNumber: expect.any(Number) as number,
      qeEvaluationDataNumber: expect.any(Number) as number,
      earliestIssueDate: expect.stringMatching(dated) as string,
      latestIssueDate: expect.stringMatching(dated) as string,
      earliestExpirationDate: expect.stringMatching(dated) as string,
      latestExpirationDate: expect.stringMatching(dated) as string,
      rootKeyId: expect.stringMatching(/^[0-9a-f]{96}$/) as string,
      rootCaCrlNumber: expect.stringMatching(/^\d+$/) as string,
      pckCrlNumber: expect.stringMatching(/^\d+$/) as string,
    });
  });

  it('has exactly the members that programs rely on', async () => {
    const { document } = await judged(world);
    expect(Object.keys(document)).toEqual([
      'verdict',
      'code',
      'tcbStatus',
      'qeStatus',
      'advisories',
      'anchor',
      'missing',
      'facts',
      'checks',
    ]);
  });

  it.each([
    ['an Open Enclave report', 'oe-report', encodeOeReport(world.quote())],
    ['hex text', 'sgx-quote-v3', fromUtf8(`${toHex(world.quote())}\n`)],
    ['base64 text', 'sgx-quote-v3', fromUtf8(Buffer.from(world.quote()).toString('base64'))],
    ['a comment in front', 'sgx-quote-v3', concat(fromUtf8('# Licence: MIT\n'), world.quote())],
    ['zero padding behind', 'sgx-quote-v3', concat(world.quote(), filled(100, 0))],
  ])('takes a quote as %s', async (_name, kind, evidence) => {
    const judgement = await judged(world, { evidence });
    expect(judgement.document.verdict).toBe('genuine');
    expect(judgement.kind).toBe(kind);
  });

  describe('with custom claims behind the quote', () => {
    const claims = encodeCustomClaims([{ name: 'pk', value: Uint8Array.of(1, 2) }]);
    const reportData = concat(sha256(claims), filled(32, 0));
    const quote = world.quote({ body: { reportData } });

    it.each([
      ['bare', 'sgx-quote-v3', concat(quote, claims)],
      [
        'behind a header',
        'oe-evidence',
        encodeOeEvidence({ format: OeEvidenceFormat.SGX_ECDSA, data: concat(quote, claims) }),
      ],
    ])('takes them when the quote binds them, %s', async (_name, kind, evidence) => {
      const { document } = await judged(world, { evidence });
      expect(document).toMatchObject({
        verdict: 'genuine',
        facts: { kind, customClaims: { pk: '0102' } },
      });
    });

    it('refuses others', async () => {
      const { document } = await judged(world, { evidence: concat(quote, claims, filled(1, 1)) });
      expect(document).toMatchObject({ verdict: 'rejected', code: 'QUOTE_TRAILING' });
    });

    it('refuses others behind a header', async () => {
      const data = concat(quote, filled(1, 1));
      const evidence = encodeOeEvidence({ format: OeEvidenceFormat.SGX_ECDSA, data });
      const { document } = await judged(world, { evidence });
      expect(document).toMatchObject({ verdict: 'rejected', code: 'OE_CUSTOM_CLAIMS' });
    });
  });

  it('names a worse reason before stray bytes', async () => {
    const revoking = aWorld({ revokePck: true });
    const evidence = concat(revoking.quote(), fromUtf8('extra'));
    expect((await judged(revoking, { evidence })).document.code).toBe('PCK_REVOKED');
  });

  describe('rejects', () => {
    it.each([
      [
        'a quote that was changed',
        'QUOTE_INVALID_SIGNATURE',
        {
          evidence: world.quote({
            forge: (parts) => ({ ...parts, body: { ...parts.body, isvSvn: 9 } as never }),
          }),
        },
      ],
      [
        'a quote that is cut short',
        'QUOTE_TRUNCATED',
        { evidence: world.quote().subarray(0, 1000) },
      ],
      ['another world', 'PCK_CHAIN_UNTRUSTED', { anchors: INTEL_ANCHORS }],
      ['other runtime data', 'RUNTIME_DATA_MISMATCH', { runtimeData: fromUtf8('other') }],
      [
        'collateral that has expired',
        'ROOT_CA_CRL_EXPIRED',
        { at: new Date('2026-05-01T00:00:00Z') },
      ],
    ])('%s', async (_name, code, request) => {
      const { document } = await judged(world, request);
      expect(document).toMatchObject({ verdict: 'rejected', code });
      expect(document.checks.some(({ result }) => result === 'failed')).toBe(true);
    });

    it('evidence that is bad even when collateral is missing', async () => {
      const judgement = await judged(world, { collateral: [], runtimeData: fromUtf8('other') });
      expect(judgement.document).toMatchObject({
        verdict: 'rejected',
        code: 'RUNTIME_DATA_MISMATCH',
      });
    });

    it.each([
      ['its wrong FMSPC', 'TCB_INFO_MISMATCH', aWorld({ tcbInfo: { fmspc: '112233445566' } })],
      [
        'an identity of another enclave',
        'QE_IDENTITY_MISMATCH',
        aWorld({ identity: { mrsigner: filled(32, 1) } }),
      ],
      ['a revoked platform', 'PCK_REVOKED', aWorld({ revokePck: true })],
    ])('what a bundle refuses by %s', async (_name, code, broken) => {
      expect((await judged(broken)).document).toMatchObject({ verdict: 'rejected', code });
    });

    it('what is revoked, and says so as its status', async () => {
      const [level] = [{ sgxComponents: filled(16, 0), pceSvn: 0, tcbDate: AT, advisoryIds: [] }];
      const tcbInfo = {
        tcbLevels: [
          { ...level!, sgxComponents: [...filled(16, 0)], tcbStatus: 'Revoked' as const },
        ],
      };
      expect((await judged(aWorld({ tcbInfo }))).document).toMatchObject({
        verdict: 'rejected',
        code: 'TCB_REVOKED',
        tcbStatus: 'Revoked',
        anchor: 'tests',
      });
    });
  });

  it('is bound to the runtime data given', async () => {
    const runtimeData = fromUtf8('{"keys":[]}');
    const reportData = concat(sha256(runtimeData), filled(32, 0));
    const evidence = world.quote({ body: { reportData } });
    const { document } = await judged(world, { evidence, runtimeData });
    expect(document.verdict).toBe('genuine');
    expect(document.checks.at(-1)).toMatchObject({
      name: 'runtime-data-binding',
      result: 'passed',
    });
  });

  it('says that an enclave is one for debugging', async () => {
    const evidence = world.quote({ body: { attributes: attributes(0x7n) } });
    expect((await judged(world, { evidence })).document.facts['debug']).toBe(true);
  });

  describe('when parts are left out', () => {
    it.each([
      [['pck-crl', 'root-ca-crl'], { tcbStatus: 'SWHardeningNeeded', qeStatus: 'UpToDate' }],
      [['qe-identity'], { tcbStatus: 'SWHardeningNeeded', qeStatus: null }],
      [['tcb-info'], { tcbStatus: null, qeStatus: 'UpToDate' }],
      [['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl'], { tcbStatus: null, qeStatus: null }],
    ] as const)('judges without %s and says so', async (without, expected) => {
      const { document } = await judged(world, { without });
      expect(document).toMatchObject({ verdict: 'genuine', missing: without, ...expected });
      expect(document.checks.some(({ result }) => result === 'skipped')).toBe(true);
    });

    it('does not use what is given all the same', async () => {
      const revoking = aWorld({ revokePck: true });
      const without = ['pck-crl'] as const;
      expect((await judged(revoking, { without })).document.verdict).toBe('genuine');
    });
  });

  describe('when parts are missing', () => {
    const { tcb_info: _, tcb_info_signature: __, ...rest } = intelStructure(world.collateral);

    it('names them and judges nothing', async () => {
      const { document } = await judged(world, { collateral: [named(JSON.stringify(rest))] });
      expect(document).toMatchObject({
        verdict: 'not-judged',
        code: 'COLLATERAL_MISSING',
        missing: ['tcb-info'],
        tcbStatus: null,
      });
    });

    it('names all of them when nothing is given', async () => {
      const { document } = await judged(world, { collateral: [] });
      expect(document.missing).toEqual(['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl']);
    });

    it('takes it as judged when it is left out', async () => {
      const collateral = [named(JSON.stringify(rest))];
      const { document } = await judged(world, { collateral, without: ['tcb-info'] });
      expect(document).toMatchObject({ verdict: 'genuine', missing: ['tcb-info'] });
    });

    it('names the signer of a document that came without', async () => {
      const collateral = [
        named(world.collateral.tcbInfo),
        named(world.collateral.qeIdentity),
        named(world.collateral.pckCrl),
        named(world.collateral.rootCaCrl),
      ];
      const { document } = await judged(world, { collateral });
      expect(document.missing).toEqual(['tcb-info-issuer-chain', 'qe-identity-issuer-chain']);
    });
  });

  it.each([
    ['evidence of another kind', 'EVIDENCE_KIND_MISMATCH', { kind: 'tdx-quote' as const }],
    ['no evidence', 'EVIDENCE_UNRECOGNISED', { evidence: fromUtf8('hello') }],
    ['nothing', 'EVIDENCE_UNRECOGNISED', { evidence: new Uint8Array() }],
    [
      'a named file without collateral',
      'COLLATERAL_UNRECOGNISED',
      { collateral: [bundle(world), named('hello')] },
    ],
  ])('judges nothing for %s', async (_name, code, request) => {
    const { document, reason } = await judged(world, request);
    expect(document).toMatchObject({ verdict: 'not-judged', code, facts: {}, checks: [] });
    expect(reason).toBeDefined();
  });
});

import type { Judgement, VerificationDocument } from '@touchstone/service-verifier';
import { renderJudgement } from './render-judgement';

const paint = (text: string): string => text;

const document: VerificationDocument = {
  verdict: 'genuine',
  code: null,
  tcbStatus: 'OutOfDate',
  qeStatus: 'UpToDate',
  advisories: ['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6'],
  anchor: 'intel',
  missing: [],
  facts: {
    mrEnclave: 'aa',
    isvProdId: 1,
    debug: true,
    reportData: Buffer.from('hello\0\0').toString('hex'),
    fmspc: '00a067110000',
    earliestExpirationDate: '2026-01-02T00:00:00.000Z',
  },
  checks: [],
};

const judgement = (changes: Partial<VerificationDocument> = {}): Judgement => ({
  document: { ...document, ...changes },
  kind: 'sgx-quote-v3',
  checks: [
    { name: 'tcb-info-chosen', result: 'noted', read: 'SGX', detail: 'file.json' },
    { name: 'quote-signature', result: 'passed' },
    { name: 'pck-not-revoked', result: 'skipped', detail: 'judged without this CRL' },
  ],
  at: new Date('2026-01-01T00:00:00Z'),
});

const rendered = (changes: Partial<VerificationDocument> = {}, allChecks = false): string =>
  renderJudgement(judgement(changes), { paint, allChecks });

describe('renderJudgement', () => {
  it('reads as a report', () => {
    expect(rendered()).toBe(
      [
        'GENUINE  SGX quote, version 3',
        '  judged as of 2026-01-01T00:00:00.000Z',
        '',
        '  TCB status       OutOfDate',
        '                   the platform lacks updates, and the advisories apply to it',
        '  Quoting enclave  UpToDate',
        '  Advisories       A-1, A-2, A-3, A-4, A-5',
        '                   A-6',
        '  Trusted root     intel',
        '',
        'Enclave',
        '  MRENCLAVE        aa',
        '  Product id       1',
        '  Report data      68656c6c6f0000',
        '                   the text “hello”',
        '  Debug            yes: its memory can be read from outside',
        '',
        'Platform',
        '  FMSPC            00a067110000',
        '',
        'Collateral from file.json',
        '  tcb-info         SGX',
        '  all good until   2026-01-02T00:00:00.000Z',
        '',
        'Checks: 1 of 2 passed, and',
        '  – pck-not-revoked  judged without this CRL',
        '',
      ].join('\n'),
    );
  });

  it('says that it is genuine only as far as it was judged', () => {
    const text = rendered({ missing: ['pck-crl'] });
    expect(text).toMatch(/^GENUINE as far as judged {2}/);
    expect(text).toContain('Judged without   pck-crl');
  });

  it('calls the facts of rejected evidence claims', () => {
    const text = rendered({ verdict: 'rejected', code: 'PCK_REVOKED' });
    expect(text).toMatch(/^REJECTED {2}SGX quote, version 3 {2}PCK_REVOKED\n/);
    expect(text).toContain('Enclave, as the evidence claims');
    expect(text).not.toContain('lacks updates');
  });

  it('says what to do when something is missing', () => {
    const text = rendered({
      verdict: 'not-judged',
      code: 'COLLATERAL_MISSING',
      missing: ['pck-crl'],
    });
    expect(text).toMatch(/^NOT JUDGED /);
    expect(text).toContain('--collateral FILE_OR_DIR');
    expect(text).not.toContain('Judged without');
  });

  it('lists every check when asked', () => {
    expect(rendered({}, true)).toContain(
      'Checks: 1 of 2 passed\n  ✓ quote-signature\n  – pck-not-revoked',
    );
  });
});

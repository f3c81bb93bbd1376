import { judge, refusedFor } from './__fixtures__/verdict';
import type { WorldOptions } from './__fixtures__/world';
import { AT, NEXT_UPDATE } from './__fixtures__/world';

const PAST = new Date('2026-03-09T00:00:00Z');
const FUTURE = new Date('2026-03-20T00:00:00Z');

describe('dates', () => {
  it.each<[string, WorldOptions, readonly string[], string]>([
    [
      'PCK certificate',
      { certificates: { leaf: { notAfter: PAST } } },
      ['pck-chain'],
      'SGX_PCK_CERT_CHAIN_EXPIRED',
    ],
    [
      'intermediate',
      { certificates: { intermediate: { notAfter: PAST } } },
      ['pck-chain', 'pck-crl-issuer-chain'],
      'SGX_PCK_CERT_CHAIN_EXPIRED',
    ],
    [
      'TCB signing certificate',
      { certificates: { signer: { notAfter: PAST } } },
      ['tcb-info-issuer-chain', 'qe-identity-issuer-chain'],
      'SGX_SIGNING_CERT_CHAIN_EXPIRED',
    ],
    ['root CRL', { rootCrl: { nextUpdate: PAST } }, ['root-ca-crl'], 'SGX_CRL_EXPIRED'],
    ['PCK CRL', { pckCrl: { nextUpdate: PAST } }, ['pck-crl'], 'SGX_CRL_EXPIRED'],
    ['PCK CRL of the future', { pckCrl: { thisUpdate: FUTURE } }, ['pck-crl'], 'SGX_CRL_EXPIRED'],
    ['TCB info', { tcbInfo: { nextUpdate: PAST } }, ['tcb-info'], 'SGX_TCB_INFO_EXPIRED'],
    [
      'identity',
      { identity: { nextUpdate: PAST } },
      ['qe-identity'],
      'SGX_ENCLAVE_IDENTITY_EXPIRED',
    ],
  ])('an expired %s is a fact, not a refusal', (_name, options, expired, source) => {
    const verified = judge(options);
    expect(verified.collateral.expired).toEqual(expired);
    expect(verified.tcb.status).toBe('UpToDate');
    const noted = verified.checks.filter(
      ({ result, code }) => result === 'noted' && code !== undefined,
    );
    expect(noted.map(({ name }) => name)).toEqual(expired.map((name) => `${name}-validity`));
    expect(noted[0]?.source).toBe(source);
  });

  it.each<[string, WorldOptions, readonly string[]]>([
    ['PCK certificate', { certificates: { leaf: { notBefore: FUTURE } } }, ['pck-chain']],
    ['TCB info', { tcbInfo: { issueDate: FUTURE } }, ['tcb-info']],
  ])('a %s of the future is a fact too', (_name, options, notYetValid) => {
    expect(judge(options).collateral).toMatchObject({ expired: [], notYetValid });
  });

  it('hides nothing that is forged behind an expiry', () => {
    const options = { tcbInfo: { nextUpdate: PAST }, signedBy: { quote: 'leaf' } };
    expect(refusedFor(options)[0]).toBe('QUOTE_INVALID_SIGNATURE');
  });

  it('holds to the very instant', () => {
    expect(judge({}, NEXT_UPDATE).collateral.expired).toEqual([]);
    const later = new Date(NEXT_UPDATE.getTime() + 1);
    expect(judge({}, later).collateral.expired).toEqual([
      'root-ca-crl',
      'pck-crl',
      'tcb-info',
      'qe-identity',
    ]);
  });

  it('are summed up', () => {
    expect(judge().collateral).toMatchObject({
      earliestIssue: new Date('2024-01-01T00:00:00Z'),
      latestIssue: new Date('2026-03-01T00:00:00Z'),
      earliestExpiration: NEXT_UPDATE,
      latestExpiration: new Date('2044-01-01T00:00:00Z'),
    });
    expect(judge().provenAt).toEqual(AT);
  });
});

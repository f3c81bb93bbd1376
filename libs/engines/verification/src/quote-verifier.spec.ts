import { toHex } from '@touchstone/bytes';
import { AT, aWorld, filled, serialOf } from './__fixtures__/world';
import { judge, refusal, refusedFor, verdictOf } from './__fixtures__/verdict';
import { INTEL_SGX_ROOT, VerificationError, verifyQuote } from './index';

/** QvE's order: the chain, the lists, the documents, then the quote; dates are noted before the quote is judged. */
const STEPS = [
  'collateral-present',
  'certification-data',
  'pck-chain-format',
  'pck-chain-length',
  'pck-chain-certificates',
  'root-ca-present',
  'intermediate-ca-present',
  'pck-present',
  'pck-sgx-extension',
  'ca-constraints',
  'root-ca-signature',
  'intermediate-ca-issuer',
  'pck-issuer',
  'trust-anchor',
  'root-ca-crl-format',
  'root-ca-crl-issuer',
  'root-ca-crl-extensions',
  'root-ca-crl-signature',
  'pck-crl-format',
  'pck-crl-issuer',
  'pck-crl-extensions',
  'pck-crl-signature',
  'pck-crl-issuer-chain-format',
  'pck-crl-issuer-chain-signatures',
  'intermediate-ca-not-revoked',
  'pck-not-revoked',
  'tcb-info-format',
  'tcb-info-issuer-chain-format',
  'tcb-info-issuer-chain-length',
  'tcb-info-issuer-chain-certificates',
  'tcb-info-root-ca-present',
  'tcb-info-signer-present',
  'tcb-info-root-ca-signature',
  'tcb-info-signer-issuer',
  'tcb-info-signer-not-revoked',
  'tcb-info-trust-anchor',
  'tcb-info-signature',
  'qe-identity-format',
  'qe-identity-issuer-chain-format',
  'qe-identity-issuer-chain-length',
  'qe-identity-issuer-chain-certificates',
  'qe-identity-root-ca-present',
  'qe-identity-signer-present',
  'qe-identity-root-ca-signature',
  'qe-identity-signer-issuer',
  'qe-identity-signer-not-revoked',
  'qe-identity-trust-anchor',
  'qe-identity-signature',
  'pck-chain-validity',
  'root-ca-crl-validity',
  'pck-crl-validity',
  'pck-crl-issuer-chain-validity',
  'tcb-info-issuer-chain-validity',
  'tcb-info-validity',
  'qe-identity-issuer-chain-validity',
  'qe-identity-validity',
  'tcb-info-tee',
  'tcb-info-fmspc',
  'tcb-info-pceid',
  'qe-report-signature',
  'attestation-key-binding',
  'qe-identity-tee',
  'qe-miscselect',
  'qe-attributes',
  'qe-mrsigner',
  'qe-isvprodid',
  'attestation-key',
  'quote-signature',
  'tcb-level',
  'qe-tcb-level',
  'tcb-status',
];

describe('verifyQuote', () => {
  it('gives what was proven', () => {
    const world = aWorld();
    const verified = verdictOf(world);
    expect(verified).toMatchObject({
      anchor: 'test',
      provenAt: AT,
      body: world.quote.body,
      tcb: {
        status: 'UpToDate',
        levelStatus: 'UpToDate',
        advisoryIds: [],
        evaluationDataNumber: 17,
      },
      qe: { status: 'UpToDate', evaluationDataNumber: 17 },
      pck: {
        fmspc: '00606a000000',
        ppid: 'aa'.repeat(16),
        pceId: '0000',
        cpuSvn: '05050303ff0100000000000000000000',
        pceSvn: 13,
        ca: 'platform',
        sgxType: 'Scalable',
        serialNumber: toHex(serialOf('leaf')),
        platformInstanceId: 'bb'.repeat(16),
        configuration: { dynamicPlatform: true, cachedKeys: false, smtEnabled: true },
      },
      collateral: {
        expired: [],
        notYetValid: [],
        without: [],
        rootCaCrlNumber: 1n,
        pckCrlNumber: 1n,
      },
    });
    expect(verified.tdxModule).toBeUndefined();
    expect(verified.collateral.rootKeyId).toMatch(/^[0-9a-f]{96}$/);
  });

  it('names every step in order, each once', () => {
    const names = judge().checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(STEPS);
  });

  it('takes the PCK chain in any order', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const chain = (parts: readonly string[]): string => order.map((i) => parts[i]).join('');
      expect(judge({ chain }).tcb.status).toBe('UpToDate');
    }
  });

  it('does not trust a root because it is named like one', () => {
    const { quote, collateral } = aWorld();
    const error = refusal(() =>
      verifyQuote(quote, collateral, { anchors: [INTEL_SGX_ROOT], at: AT }),
    );
    expect(error).toMatchObject({
      code: 'PCK_CHAIN_UNTRUSTED',
      intelStatus: 'SGX_PCK_CERT_CHAIN_UNTRUSTED',
    });
  });

  it('trusts nobody without an anchor', () => {
    const { quote, collateral } = aWorld();
    expect(refusal(() => verifyQuote(quote, collateral, { anchors: [], at: AT })).code).toBe(
      'PCK_CHAIN_UNTRUSTED',
    );
  });

  it('trusts a root that was issued again with the same key', () => {
    const notAfter = new Date('2033-01-01T00:00:00Z');
    const again = aWorld({ certificates: { root: { notAfter } } });
    expect(verdictOf({ ...aWorld(), quote: again.quote }).anchor).toBe('test');
  });

  it('never judges a platform of one root by documents of another, though both are trusted', () => {
    const [one, other] = [aWorld(), aWorld({ realm: 'other' })];
    const mixed = {
      ...one.collateral,
      tcbInfo: other.collateral.tcbInfo,
      tcbInfoIssuerChain: other.collateral.tcbInfoIssuerChain,
    };
    const anchors = [one.anchor, { ...other.anchor, name: 'other' }];
    const error = refusal(() => verifyQuote(one.quote, mixed, { anchors, at: AT }));
    expect(error.code).toBe('TCB_SIGNING_CERT_CHAIN_UNTRUSTED');
  });

  it('says what it refused, in our words and in Intel’s', () => {
    const error = refusal(() =>
      judge({ pckCrl: { revoked: [{ serial: serialOf('leaf'), at: AT }] } }),
    );
    expect(error).toBeInstanceOf(VerificationError);
    expect(error).toMatchObject({
      code: 'PCK_REVOKED',
      intelStatus: 'SGX_PCK_REVOKED',
      field: 'pck-not-revoked',
    });
    expect(error.checks.at(-1)).toMatchObject({
      name: 'pck-not-revoked',
      result: 'failed',
      code: 'PCK_REVOKED',
      source: 'SGX_PCK_REVOKED',
    });
    expect(error.checks.slice(0, -1).every(({ result }) => result === 'passed')).toBe(true);
  });

  it('checks every signature before it looks at a TCB level', () => {
    const tcbInfo = { tcbLevels: [level(16)] };
    expect(refusedFor({ tcbInfo, signedBy: { quote: 'leaf' } })[0]).toBe('QUOTE_INVALID_SIGNATURE');
    expect(refusedFor({ tcbInfo })).toEqual(['TCB_NOT_SUPPORTED', 'tcb-level']);
  });

  describe('without a chain of its own', () => {
    const world = aWorld();
    const bare = {
      ...world.quote,
      certificationData: { type: 1, bytes: filled(36, 1) },
    };
    const options = { anchors: [world.anchor], at: AT };

    it('is refused, saying so', () => {
      const error = refusal(() => verifyQuote(bare, world.collateral, options));
      expect(error).toMatchObject({
        code: 'QUOTE_CERTIFICATION_DATA_UNSUPPORTED',
        intelStatus: 'SGX_QL_QUOTE_CERTIFICATION_DATA_UNSUPPORTED',
      });
    });

    it('is completed by a certificate that was looked up', () => {
      const { leaf, intermediate, root } = world.pem;
      const pckCertificateChain = leaf + intermediate + root;
      const verified = verifyQuote(bare, world.collateral, { ...options, pckCertificateChain });
      expect(verified.tcb.status).toBe('UpToDate');
    });
  });

  describe('when collateral is missing', () => {
    it.each(['tcbInfo', 'qeIdentity', 'pckCrl', 'rootCaCrl', 'tcbInfoIssuerChain'] as const)(
      'refuses without %s',
      (name) => {
        const { quote, collateral, anchor } = aWorld();
        const { [name]: _gone, ...rest } = collateral;
        const error = refusal(() => verifyQuote(quote, rest, { anchors: [anchor], at: AT }));
        expect(error.code).toBe('COLLATERAL_MISSING');
        expect(error.checks.at(-1)?.expected).toBe(name);
      },
    );

    it('does without CRLs when asked to, and says so', () => {
      const { quote, collateral, anchor } = aWorld();
      const without = ['pck-crl', 'root-ca-crl'] as const;
      const { pckCrl: _1, rootCaCrl: _2, ...rest } = collateral;
      const verified = verifyQuote(quote, rest, { anchors: [anchor], at: AT, without });
      expect(verified.collateral.without).toEqual(without);
      const skipped = verified.checks
        .filter(({ result }) => result === 'skipped')
        .map(({ name }) => name);
      expect(skipped).toEqual([
        'intermediate-ca-not-revoked',
        'pck-not-revoked',
        'tcb-info-signer-not-revoked',
        'qe-identity-signer-not-revoked',
      ]);
      expect(verified.collateral.digests.pckCrl).toBe('');
    });
  });
});

function level(firstComponent: number) {
  return {
    sgxComponents: [firstComponent, ...Array<number>(15).fill(0)],
    pceSvn: 0,
    tcbDate: AT,
    tcbStatus: 'UpToDate' as const,
    advisoryIds: [],
  };
}

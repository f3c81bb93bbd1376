import { toHex } from '@touchstone/bytes';
import { parseQuote } from '@touchstone/quote';
import type { CollateralPart, PartlyVerifiedQuote } from '@touchstone/verification';
import { VerificationError, verifyQuote, verifyQuotePartly } from '@touchstone/verification';
import type { Breakage, Evidence } from './evidence';
import { breakOneThing, evidenceOf } from './evidence';
import { expectCode } from './expect-code';
import { TEST_NOW } from './fixed-clock';
import { aPlatform } from './platform';

const platform = aPlatform();
const { anchor } = platform.authority;
const options = { anchors: [anchor], at: TEST_NOW };
const sound = evidenceOf(platform);

const judged = (
  { quote, collateral }: Evidence,
  without: readonly CollateralPart[],
): PartlyVerifiedQuote => verifyQuotePartly(parseQuote(quote), collateral, { ...options, without });

const skipped = ({ checks }: PartlyVerifiedQuote): string[] =>
  checks.filter(({ result }) => result === 'skipped').map(({ name }) => name);

describe('verifyQuotePartly', () => {
  it('comes to the whole verdict when nothing is left out', () => {
    const whole = verifyQuote(parseQuote(sound.quote), sound.collateral, options);
    const partly = judged(sound, []);
    expect(partly.checks).toEqual(whole.checks);
    expect(partly).toMatchObject({
      anchor: whole.anchor,
      tcb: whole.tcb,
      qe: whole.qe,
      pck: whole.pck,
    });
    expect(whole.collateral).toMatchObject(partly.collateral);
  });

  it.each([
    [['pck-crl'], ['pck-not-revoked']],
    [
      ['root-ca-crl'],
      [
        'intermediate-ca-not-revoked',
        'tcb-info-signer-not-revoked',
        'qe-identity-signer-not-revoked',
      ],
    ],
    [['qe-identity'], ['qe-identity-signature', 'qe-mrsigner', 'qe-tcb-level']],
    [['tcb-info'], ['tcb-info-signature', 'tcb-info-fmspc', 'tcb-level']],
  ] as const)('says what it did not ask without %s', (without, names) => {
    const partly = judged(sound, without);
    expect(skipped(partly)).toEqual(names);
    expect(partly.without).toEqual(without);
  });

  it('knows the platform without the quoting enclave, and the other way round', () => {
    expect(judged(sound, ['qe-identity'])).toMatchObject({ tcb: { status: 'UpToDate' } });
    expect('qe' in judged(sound, ['qe-identity'])).toBe(false);
    expect(judged(sound, ['tcb-info'])).toMatchObject({ qe: { status: 'UpToDate' } });
    expect('tcb' in judged(sound, ['tcb-info'])).toBe(false);
  });

  it('does not look at a part that is there but left out', () => {
    const revoked = breakOneThing(platform, 'pck-revoked');
    expectCode(() => judged(revoked, []), VerificationError, 'PCK_REVOKED');
    expect(judged(revoked, ['pck-crl']).anchor).toBe(anchor.name);
  });

  it('still proves signatures and chain without any collateral', () => {
    const all = ['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl'] as const;
    const quote = parseQuote(sound.quote);
    const verified = verifyQuotePartly(quote, {}, { ...options, without: all });
    expect(toHex(verified.body.reportData)).toBe('00'.repeat(64));
    const signedBytes = quote.signedBytes.slice();
    signedBytes[100] = (signedBytes[100] ?? 0) ^ 1;
    expectCode(
      () => verifyQuotePartly({ ...quote, signedBytes }, {}, { ...options, without: all }),
      VerificationError,
      'QUOTE_INVALID_SIGNATURE',
    );
  });

  it.each<[Breakage, readonly CollateralPart[], VerificationError['code']]>([
    ['tcb-info-other-fmspc', ['qe-identity'], 'TCB_INFO_MISMATCH'],
    ['qe-identity-other-signer', ['tcb-info'], 'QE_IDENTITY_MISMATCH'],
  ])('refuses %s when only %s is left out', (breakage, without, code) => {
    expectCode(() => judged(breakOneThing(platform, breakage), without), VerificationError, code);
  });

  it('misses a part that is neither there nor left out', () => {
    const quote = parseQuote(sound.quote);
    const { tcbInfo: _, ...rest } = sound.collateral;
    expectCode(
      () => verifyQuotePartly(quote, rest, { ...options, without: ['pck-crl'] }),
      VerificationError,
      'COLLATERAL_MISSING',
    );
  });
});

import { MODEL_CLIENT, MODEL_E3, MODEL_E5 } from '@touchstone/authority';
import { sha256, toHex } from '@touchstone/bytes';
import { parseQuote } from '@touchstone/quote';
import {
  INTEL_SGX_ROOT,
  VerificationError,
  createQuoteVerifier,
  verifyBinding,
  verifyQuote,
} from '@touchstone/verification';
import { EXPECTED_VERDICTS } from './__fixtures__/expected-verdicts';
import {
  type Breakage,
  type Evidence,
  aPlatform,
  breakOneThing,
  evidenceOf,
  expectCode,
} from './index';

const platform = aPlatform();
const anchors = [platform.authority.anchor];
const { at } = platform;
const breakages = Object.keys(EXPECTED_VERDICTS) as Breakage[];
const broken = new Map(breakages.map((breakage) => [breakage, breakOneThing(platform, breakage)]));
const evidenceWith = (breakage: Breakage): Evidence => broken.get(breakage) ?? evidenceOf(platform);

describe('a quote of the simulated machine', () => {
  it.each([
    [MODEL_E3.name, 'processor', 'UpToDate'],
    [MODEL_E5.name, 'platform', 'UpToDate'],
    [MODEL_CLIENT.name, 'processor', 'SWHardeningNeeded'],
  ])('of model %s is believed', (model, ca, status) => {
    const other = aPlatform({ model });
    const { quote, collateral } = evidenceOf(other, { reportData: Uint8Array.of(7) });
    const verified = verifyQuote(parseQuote(quote), collateral, { anchors, at });
    expect(verified).toMatchObject({
      anchor: platform.authority.anchor.name,
      tcb: { status },
      pck: { ca, fmspc: other.model.fmspc.toLowerCase(), ppid: other.fused.ppid },
      collateral: { expired: [] },
      provenAt: at,
    });
    expect(verified.body.reportData[0]).toBe(7);
    expect(verified.checks.every(({ result }) => result === 'passed')).toBe(true);
  });

  it('is bound to its runtime data', () => {
    const runtimeData = Buffer.from('{"keys":[]}');
    const { quote, collateral } = evidenceOf(platform, { reportData: sha256(runtimeData) });
    const verified = verifyQuote(parseQuote(quote), collateral, { anchors, at });
    verifyBinding(verified, runtimeData);
    const other = Buffer.from('{"keys":[1]}');
    expectCode(() => verifyBinding(verified, other), VerificationError, 'RUNTIME_DATA_MISMATCH');
  });

  it('is not believed by whoever trusts Intel alone', () => {
    const { quote, collateral } = evidenceOf(platform);
    const verify = () =>
      verifyQuote(parseQuote(quote), collateral, { anchors: [INTEL_SGX_ROOT], at });
    expect(expectCode(verify, VerificationError, 'PCK_CHAIN_UNTRUSTED').intelStatus).toBe(
      'SGX_PCK_CERT_CHAIN_UNTRUSTED',
    );
  });

  it('is not believed with the collateral of another authority', () => {
    const other = aPlatform({ seed: 'another authority' });
    const { quote } = evidenceOf(platform);
    const { collateral } = evidenceOf(other);
    const both = [...anchors, other.authority.anchor];
    const verify = () => verifyQuote(parseQuote(quote), collateral, { anchors: both, at });
    expect(() => verify()).toThrow(VerificationError);
  });
});

describe('with one thing broken', () => {
  it.each(breakages)('%s', (breakage) => {
    const expected = EXPECTED_VERDICTS[breakage];
    const { quote, collateral } = evidenceWith(breakage);
    const verify = () => verifyQuote(parseQuote(quote), collateral, { anchors, at });
    if ('status' in expected) {
      const verified = verify();
      expect({ status: verified.tcb.status, expired: verified.collateral.expired }).toEqual(
        expected,
      );
      return;
    }
    const error = expectCode(verify, VerificationError, expected.code);
    expect(error.checks.at(-1)).toMatchObject({ name: expected.check, result: 'failed' });
    expect(error.checks.filter(({ result }) => result === 'failed')).toHaveLength(1);
  });

  it('one verifier that remembers says the same, before and after it has seen sound evidence', () => {
    const verifier = createQuoteVerifier({ anchors });
    const sound = evidenceOf(platform);
    const verdicts = () =>
      breakages.map((breakage) => {
        const { quote, collateral } = evidenceWith(breakage);
        try {
          const { tcb, collateral: facts } = verifier.verify(parseQuote(quote), collateral, at);
          return `${breakage} ${tcb.status} ${facts.expired.join()}`;
        } catch (error) {
          return `${breakage} ${error instanceof VerificationError ? error.code : String(error)}`;
        }
      });
    const before = verdicts();
    expect(verifier.verify(parseQuote(sound.quote), sound.collateral, at).tcb.status).toBe(
      'UpToDate',
    );
    expect(verdicts()).toEqual(before);
  });
});

describe('time', () => {
  const { quote, collateral } = evidenceOf(platform);
  const verifier = createQuoteVerifier({ anchors });
  const expiredAt = (time: string) =>
    verifier.verify(parseQuote(quote), collateral, new Date(time)).collateral.expired;

  it('ages documents one after the other, although they were verified before', () => {
    expect(expiredAt('2026-11-22T12:00:00Z')).toEqual([]);
    expect(expiredAt('2026-12-22T00:00:00Z')).toEqual([]);
    expect(expiredAt('2026-12-22T00:00:01Z')).toEqual(['pck-crl', 'tcb-info', 'qe-identity']);
    expect(expiredAt('2027-11-23T00:00:00Z')).toContain('root-ca-crl');
    expect(expiredAt('2034-01-01T00:00:00Z')).toContain('pck-chain');
  });
});

describe('the digests in a result', () => {
  it('are those of the documents as they were handed in', () => {
    const { quote, collateral } = evidenceOf(platform);
    const { digests } = verifyQuote(parseQuote(quote), collateral, { anchors, at }).collateral;
    expect(digests.tcbInfo).toBe(toHex(sha256(collateral.tcbInfo)));
    expect(digests.pckCrl).toBe(toHex(sha256(collateral.pckCrl)));
  });
});

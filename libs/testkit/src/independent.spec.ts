import { MODEL_CLIENT, MODEL_E3, MODEL_E5 } from '@touchstone/authority';
import { EXPECTED_VERDICTS } from './__fixtures__/expected-verdicts';
import { parseQuote } from '@touchstone/quote';
import { verifyQuote } from '@touchstone/verification';
import {
  type Breakage,
  aPlatform,
  breakOneThing,
  evidenceOf,
  independentVerdict,
  tdxEvidenceOf,
} from './index';

const platform = aPlatform();
const judge = ({ quote, collateral } = evidenceOf(platform), on = platform) =>
  independentVerdict(quote, collateral, on.authority.rootCertificate, on.at);

/** Where the other verifier differs from Intel's library, and so from ours. All else it judges alike. */
const DIFFERENCES: Partial<Record<Breakage, string>> = {
  // It looks for serial numbers in CRLs, and asks neither who signed them nor when.
  'root-crl-expired': 'UpToDate',
  'root-crl-forged': 'UpToDate',
  'root-crl-without-number': 'UpToDate',
  'root-crl-of-the-ca': 'UpToDate',
  'pck-crl-expired': 'UpToDate',
  'pck-crl-forged': 'UpToDate',
  'pck-crl-other-ca': 'UpToDate',
  'pck-crl-without-aki': 'UpToDate',
  'pck-crl-garbage': 'UpToDate',
  // It needs no extension of a signing certificate.
  'tcb-signing-without-crl-dp': 'UpToDate',
  'tcb-signing-without-aki': 'UpToDate',
  // It compares neither PCEIDs nor the second half of the QE's report data.
  'tcb-info-other-pceid': 'UpToDate',
  'qe-report-data-tail': 'UpToDate',
  // It matches CPUSVN instead of the components, in the order of the document.
  'pck-certificate-cpusvn-mismatch': 'OutOfDate',
  'tcb-info-levels-reversed': 'OutOfDateConfigurationNeeded',
  // It knows authentication data of 32 bytes only, and the leaf in front only.
  'auth-data-empty': 'refused',
  'auth-data-longest': 'refused',
  'pck-chain-reversed': 'refused',
};

/** It has no notion of evidence that is genuine and too old: what is past its date it refuses. */
function expectedOf(breakage: Breakage): string {
  const expected = EXPECTED_VERDICTS[breakage];
  const believed = 'status' in expected && expected.expired.length === 0;
  return DIFFERENCES[breakage] ?? (believed ? expected.status : 'refused');
}

describe('an independent verifier that trusts our root', () => {
  it.each([
    [MODEL_E3.name, 'UpToDate', []],
    [MODEL_E5.name, 'UpToDate', []],
    [MODEL_CLIENT.name, 'SWHardeningNeeded', MODEL_CLIENT.softwareAdvisories],
  ])('accepts a quote of %s as %s', (model, status, advisoryIds) => {
    const other = aPlatform({ model });
    expect(judge(evidenceOf(other), other)).toEqual({ status, advisoryIds });
  });

  it('accepts a quote of a trust domain, as ours does', () => {
    const tdx = tdxEvidenceOf(platform);
    expect(judge(tdx)).toEqual({ status: 'UpToDate', advisoryIds: [] });
    const { authority, at } = platform;
    const verified = verifyQuote(parseQuote(tdx.quote), tdx.collateral, {
      anchors: [authority.anchor],
      at,
    });
    expect(verified.tcb.status).toBe('UpToDate');
  });

  it.each(Object.keys(EXPECTED_VERDICTS) as Breakage[])('judges %s', (breakage) => {
    const evidence = breakOneThing(platform, breakage);
    const expected = expectedOf(breakage);
    if (expected === 'refused') expect(() => judge(evidence)).toThrow();
    else expect(judge(evidence).status).toBe(expected);
  });
});

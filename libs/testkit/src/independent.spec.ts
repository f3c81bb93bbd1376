import { MODEL_CLIENT, MODEL_E3, MODEL_E5 } from '@touchstone/authority';
import { type Breakage, aPlatform, breakOneThing, evidenceOf, independentVerdict } from './index';

const platform = aPlatform();
const judge = ({ quote, collateral } = evidenceOf(platform), on = platform) =>
  independentVerdict(quote, collateral, on.authority.rootCertificate, on.at);

describe('an independent verifier that trusts our root', () => {
  it.each([
    [MODEL_E3.name, 'UpToDate', []],
    [MODEL_E5.name, 'UpToDate', []],
    [MODEL_CLIENT.name, 'SWHardeningNeeded', MODEL_CLIENT.softwareAdvisories],
  ])('accepts a quote of %s as %s', (model, status, advisoryIds) => {
    const other = aPlatform({ model });
    expect(judge(evidenceOf(other), other)).toEqual({ status, advisoryIds });
  });

  it.each<[Breakage, string]>([
    ['tcb-out-of-date', 'OutOfDate'],
    ['tcb-out-of-date-configuration-needed', 'OutOfDateConfigurationNeeded'],
    ['tcb-configuration-needed', 'ConfigurationNeeded'],
    ['tcb-sw-hardening-needed', 'SWHardeningNeeded'],
    ['tcb-configuration-and-sw-hardening-needed', 'ConfigurationAndSWHardeningNeeded'],
    ['qe-out-of-date', 'OutOfDate'],
  ])('sees %s', (breakage, status) => {
    expect(judge(breakOneThing(platform, breakage)).status).toBe(status);
  });
});

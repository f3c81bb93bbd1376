import { reportClaims } from '@touchstone/appraisal';
import { evaluatePolicy, parsePolicy, serviceClaim } from '@touchstone/policy';
import { parseQuote } from '@touchstone/quote';
import { aPlatform, aQuote } from '@touchstone/testkit';
import { type MeasureOptions, measure } from './measure';
import { type Row, timeRow } from './row';
import { policyOf } from './rule-policies';

export const POLICY_GROUP = 'policy.evaluate';

const RULE_COUNTS = [10, 100, 1000] as const;

/** One evaluation, trace included, of a policy that was read before, on the claims of an SGX report. */
export function policyRows(options: MeasureOptions): readonly Row[] {
  const { body, teeType } = parseQuote(aQuote(aPlatform({ seed: 'bench' })));
  if (teeType !== 'sgx') throw new Error('not a quote of SGX');
  const claims = Object.entries(reportClaims(body)).map(([type, value]) =>
    serviceClaim(type, value),
  );
  const contenders = RULE_COUNTS.map((rules) => {
    const policy = parsePolicy(policyOf(rules));
    return [String(rules), () => evaluatePolicy(policy, claims)] as const;
  });
  const times = measure(Object.fromEntries(contenders), options);
  return Object.entries(times).map(([rules, ms]) =>
    timeRow(`${POLICY_GROUP}.${rules}`, ms, {}, `${rules} rules, half of them issue a claim`),
  );
}

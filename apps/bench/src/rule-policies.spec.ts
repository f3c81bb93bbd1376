import { evaluatePolicy, parsePolicy, serviceClaim } from '@touchstone/policy';
import { policyOf } from './rule-policies';

const CLAIMS = [
  serviceClaim('x-ms-sgx-is-debuggable', false),
  serviceClaim('x-ms-sgx-mrsigner', 'ab'),
  serviceClaim('x-ms-sgx-svn', 3),
];

describe('policyOf', () => {
  it.each([10, 100, 1000])('has %i rules, of which every second one issues', (rules) => {
    const { verdict, trace, outgoing } = evaluatePolicy(parsePolicy(policyOf(rules)), CLAIMS);
    expect([verdict, trace.length, outgoing.length]).toEqual(['permit', rules, rules / 2]);
  });
});

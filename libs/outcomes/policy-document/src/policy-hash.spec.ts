import { DEFAULT_SGX_POLICY } from '@touchstone/policy';
import { encodePolicyText, policyHash, policyTokenHash } from './policy-hash';

const MINIMAL = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';
const unsigned = (text: string): string => {
  const payload = JSON.stringify({ AttestationPolicy: encodePolicyText(text) });
  return `eyJhbGciOiJub25lIn0.${Buffer.from(payload).toString('base64url')}.`;
};

describe('policyHash', () => {
  it.each([
    [MINIMAL, 'z0FRjKS0ssQTNur1V6BV8WIrh9M3fzgTo0EfHRvapWU'],
    [DEFAULT_SGX_POLICY, 'bROrN897ZfWmWY2V0FLUlu3uwk5xatGnKYHn3zBbSlw'],
  ])('of %.30s… is that of the live service', (text, hash) => {
    expect(policyHash(text)).toBe(hash);
  });
});

describe('policyTokenHash', () => {
  it('of an unsigned policy is that of the live service', () => {
    expect(policyTokenHash(unsigned(MINIMAL))).toBe('c6sEJQItV50OeP9IrP_bzywAMOVvj5uDPbklA_bwdYQ');
  });
});

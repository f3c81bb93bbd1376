import { ATTEST_CASES, ATTEST_FLEET_CASES } from './attest-cases';
import { ATTEST_POLICY_CASES } from './attest-policy-cases';
import type { LoadCase } from './load-case';
import { PCCS_CASES } from './pccs-cases';
import { PCKCERT_CASES } from './pckcert-cases';
import { RELEASE_CASES } from './release-cases';

/** Every row about a service under load. */
export const LOAD_CASES: readonly LoadCase[] = [
  ...ATTEST_CASES,
  ...ATTEST_POLICY_CASES,
  ...ATTEST_FLEET_CASES,
  ...PCCS_CASES,
  ...PCKCERT_CASES,
  ...RELEASE_CASES,
];

/** Rules that are much like those of real policies: every second one finds its claim and issues another. */
const RULES: readonly ((index: number) => string)[] = [
  (index) => `c:[type=="x-ms-sgx-mrsigner"] => issue(type="signer-${index}", value=c.value);`,
  (index) =>
    `[type=="x-ms-sgx-svn", value>=${1000 + index}] => issue(type="new-${index}", value=true);`,
];

/**
 * A policy of so many rules: one that permits what is not debuggable, the others issue claims.
 *
 * @param rules at least one
 */
export function policyOf(rules: number): string {
  const issuance = Array.from({ length: rules - 1 }, (_, index) => RULES[index % 2]?.(index));
  return [
    'version= 1.0;',
    'authorizationrules { [type=="x-ms-sgx-is-debuggable", value==false] => permit(); };',
    `issuancerules { ${issuance.join('\n')} };`,
  ].join('\n');
}

/** A rule that issues the value of one claim under another name, as the default policies are written. */
const rename = (from: string, to: string): string =>
  `c:[type=="${from}"] => issue(type="${to}", value=c.value);`;

const policy = (authorization: string, names: readonly (readonly [string, string])[]): string =>
  `version= 1.0;authorizationrules{${authorization}};` +
  `issuancerules{${names.map(([from, to]) => rename(from, to)).join('')}};`;

/** In force for SgxEnclave and OpenEnclave where nothing was set, since 2021. Every byte counts: the text is hashed. */
export const DEFAULT_SGX_POLICY = policy('=> permit();', [
  ['x-ms-sgx-is-debuggable', 'is-debuggable'],
  ['x-ms-sgx-mrsigner', 'sgx-mrsigner'],
  ['x-ms-sgx-mrenclave', 'sgx-mrenclave'],
  ['x-ms-sgx-product-id', 'product-id'],
  ['x-ms-sgx-svn', 'svn'],
  ['x-ms-attestation-type', 'tee'],
]);

/** The default of 2020, over the input names of the preview. */
export const DEFAULT_SGX_POLICY_2020 = policy('c:[type=="$is-debuggable"] => permit();', [
  ['$is-debuggable', 'is-debuggable'],
  ['$sgx-mrsigner', 'sgx-mrsigner'],
  ['$sgx-mrenclave', 'sgx-mrenclave'],
  ['$product-id', 'product-id'],
  ['$svn', 'svn'],
  ['$tee', 'tee'],
]);

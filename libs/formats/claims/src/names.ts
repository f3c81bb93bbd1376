/** Claims of every attestation token. */
export const TokenClaim = {
  version: 'x-ms-ver',
  attestationType: 'x-ms-attestation-type',
  policy: 'x-ms-policy',
  policyHash: 'x-ms-policy-hash',
  policySigner: 'x-ms-policy-signer',
  runtime: 'x-ms-runtime',
  initTime: 'x-ms-inittime',
  nonce: 'nonce',
} as const;

/** Claims that are read from an SGX quote or an Open Enclave report. */
export const SgxClaim = {
  isDebuggable: 'x-ms-sgx-is-debuggable',
  mrEnclave: 'x-ms-sgx-mrenclave',
  mrSigner: 'x-ms-sgx-mrsigner',
  productId: 'x-ms-sgx-product-id',
  svn: 'x-ms-sgx-svn',
  reportData: 'x-ms-sgx-report-data',
  heldData: 'x-ms-sgx-ehd',
  collateral: 'x-ms-sgx-collateral',
  configId: 'x-ms-sgx-config-id',
  configSvn: 'x-ms-sgx-config-svn',
  extendedProductId: 'x-ms-sgx-isv-extended-product-id',
  familyId: 'x-ms-sgx-isv-family-id',
} as const;

/** Older names that tokens of today still carry beside the current ones. */
export const DeprecatedSgxClaim = {
  aasHeldData: 'aas-ehd',
  maaHeldData: 'maa-ehd',
  maaCollateral: 'maa-attestationcollateral',
} as const;

/** Input names of the 2020 preview: policies of every version may still ask for them. */
export const PreviewInputClaim = {
  isDebuggable: '$is-debuggable',
  productId: '$product-id',
  mrSigner: '$sgx-mrsigner',
  mrEnclave: '$sgx-mrenclave',
  svn: '$svn',
  tee: '$tee',
  maaHeldData: '$maa-ehd',
  aasHeldData: '$aas-ehd',
  maaCollateral: '$maa-attestationcollateral',
} as const;

/** Members of the collateral claim, each the lower-case hex SHA-256 of what was judged. */
export const CollateralMember = {
  quote: 'quotehash',
  qeIdentity: 'qeidhash',
  qeIdentityCertificates: 'qeidcertshash',
  qeIdentityCrl: 'qeidcrlhash',
  tcbInfo: 'tcbinfohash',
  tcbInfoCertificates: 'tcbinfocertshash',
  tcbInfoCrl: 'tcbinfocrlhash',
} as const;

/** Registered JWT names that only the service itself may set. */
export const REGISTERED_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'nonce',
  'cnf',
]);

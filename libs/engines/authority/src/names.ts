import type { NamePart } from '@touchstone/pki';
import type { PckCa } from './processor-model';

// sgx-dcap certificates carry Intel's whole DN, common name first; QVL looks for phrases in the common name.
const intel = (commonName: string): readonly NamePart[] => [
  { type: 'CN', value: commonName },
  { type: 'O', value: 'Intel Corporation' },
  { type: 'L', value: 'Santa Clara' },
  { type: 'ST', value: 'CA' },
  { type: 'C', value: 'US' },
];

export const ROOT_NAME = intel('Intel SGX Root CA');
export const TCB_SIGNING_NAME = intel('Intel SGX TCB Signing');
export const PCK_NAME = intel('Intel SGX PCK Certificate');
export const PCK_CA_NAMES: Readonly<Record<PckCa, readonly NamePart[]>> = {
  processor: intel('Intel SGX PCK Processor CA'),
  platform: intel('Intel SGX PCK Platform CA'),
};

/** Where the root's CRL is published, in DER: the CRL distribution point of all but PCK certificates. */
export const ROOT_CRL_URL = 'https://certificates.trustedservices.intel.com/IntelSGXRootCA.der';

/** The CRL distribution point of a PCK certificate. */
export const pckCrlUrl = (ca: PckCa): string =>
  `https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`;

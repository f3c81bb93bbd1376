/**
 * What an authority can be told to get wrong, one thing at a time: everything else stays as it would be, so that a
 * verifier refuses for the reason in the name.
 */
export const FAULTS = {
  'pck-certificate-expired': 'the PCK certificate ended yesterday',
  'pck-certificate-forged': 'the PCK certificate is signed by a key that is not the CA’s',
  'pck-certificate-other-fmspc': 'the PCK certificate names another FMSPC than the TCB info',
  'pck-certificate-other-key': 'the PCK certificate holds a key that is not the platform’s',
  'pck-certificate-no-extension': 'the PCK certificate lacks the SGX extension',
  'pck-certificate-cpusvn-mismatch': 'CPUSVN in the PCK certificate differs from its components',
  'pck-ca-expired': 'the certificate of the Processor and Platform CA ended yesterday',
  'pck-ca-forged': 'the certificate of the Processor and Platform CA is not signed by the root',
  'pck-ca-revoked': 'the root CRL lists the Processor and Platform CA',
  'root-reissued': 'the root certificate is another one for the same key',
  'root-replaced': 'the root certificate holds another key, which signed everything below it',
  'root-crl-expired': 'the root CRL is past its next update',
  'root-crl-forged': 'the root CRL is signed by a key that is not the root’s',
  'pck-crl-expired': 'the PCK CRLs are past their next update',
  'pck-crl-forged': 'the PCK CRLs are signed by a key that is not the CA’s',
  'pck-crl-other-ca': 'each CA’s CRL is served under the other one’s name',
  'tcb-signing-expired': 'the TCB signing certificate ended yesterday',
  'tcb-signing-forged': 'the TCB signing certificate is not signed by the root',
  'tcb-signing-revoked': 'the root CRL lists the TCB signing certificate',
  'tcb-info-expired': 'the TCB info is past its next update',
  'tcb-info-forged': 'the TCB info is signed by a key that is not the TCB signing key',
  'tcb-info-tampered': 'the TCB info was changed after it was signed',
  'tcb-info-other-fmspc': 'the TCB info answers with another FMSPC than asked for',
  'tcb-info-other-pceid': 'the TCB info is for another PCEID',
  'tcb-info-no-level': 'the lowest level of the TCB info is above every platform',
  'tcb-info-duplicate-level': 'the TCB info states its first level twice',
  'tcb-out-of-date': 'every level of the TCB info is OutOfDate',
  'tcb-out-of-date-configuration-needed': 'every level is OutOfDateConfigurationNeeded',
  'tcb-configuration-needed': 'every level is ConfigurationNeeded',
  'tcb-sw-hardening-needed': 'every level is SWHardeningNeeded',
  'tcb-configuration-and-sw-hardening-needed': 'every level is ConfigurationAndSWHardeningNeeded',
  'tcb-revoked': 'every level of the TCB info is Revoked',
  'qe-identity-expired': 'the enclave identities are past their next update',
  'qe-identity-forged':
    'the enclave identities are signed by a key that is not the TCB signing key',
  'qe-identity-tampered': 'the enclave identities were changed after they were signed',
  'qe-identity-other-signer': 'the enclave identities name another MRSIGNER',
  'qe-identity-other-product': 'the enclave identities name another product',
  'qe-out-of-date': 'every level of the enclave identities is OutOfDate',
  'qe-revoked': 'every level of the enclave identities is Revoked',
  'qe-no-level': 'the lowest level of the enclave identities is above every enclave',
} as const;

export type Fault = keyof typeof FAULTS;

export const isFault = (name: string): name is Fault => Object.hasOwn(FAULTS, name);

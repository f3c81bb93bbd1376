import { toHex } from '@touchstone/bytes';

/** An enclave as its reviewer found it: what may have the data, and nothing else. */
export interface ReviewedEnclave {
  /** 32 bytes each. */
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  /** Least ISVSVN. */
  readonly svn: number;
  /** 64 bytes, where it matters what the enclave was told. */
  readonly configId?: Uint8Array;
}

/**
 * Grammar 1.0.0: the token must come from this authority and name this enclave, production mode, at least this SVN; its CONFIGID
 * where one is given.
 */
export function releasePolicyFor(enclave: ReviewedEnclave, authority: string): object {
  return {
    version: '1.0.0',
    anyOf: [
      {
        authority,
        allOf: [
          { claim: 'x-ms-attestation-type', equals: 'sgx' },
          { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
          { claim: 'x-ms-sgx-mrenclave', equals: toHex(enclave.mrEnclave) },
          { claim: 'x-ms-sgx-mrsigner', equals: toHex(enclave.mrSigner) },
          { claim: 'x-ms-sgx-svn', greaterOrEquals: enclave.svn },
          ...(enclave.configId === undefined
            ? []
            : [{ claim: 'x-ms-sgx-config-id', equals: toHex(enclave.configId) }]),
        ],
      },
    ],
  };
}

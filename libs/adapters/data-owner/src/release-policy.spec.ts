import { releasePolicyFor } from '.';

describe('releasePolicyFor', () => {
  it('names the authority, the enclave, production mode and the least SVN', () => {
    const enclave = {
      mrEnclave: new Uint8Array(32).fill(1),
      mrSigner: new Uint8Array(32).fill(2),
      svn: 3,
    };
    expect(releasePolicyFor(enclave, 'https://a.test')).toEqual({
      version: '1.0.0',
      anyOf: [
        {
          authority: 'https://a.test',
          allOf: [
            { claim: 'x-ms-attestation-type', equals: 'sgx' },
            { claim: 'x-ms-sgx-is-debuggable', equals: 'false' },
            { claim: 'x-ms-sgx-mrenclave', equals: '01'.repeat(32) },
            { claim: 'x-ms-sgx-mrsigner', equals: '02'.repeat(32) },
            { claim: 'x-ms-sgx-svn', greaterOrEquals: 3 },
          ],
        },
      ],
    });
  });

  it('names the configuration, where there is one', () => {
    const enclave = {
      mrEnclave: new Uint8Array(32),
      mrSigner: new Uint8Array(32),
      svn: 1,
      configId: new Uint8Array(64).fill(3),
    };
    const { anyOf } = releasePolicyFor(enclave, 'https://a.test') as {
      anyOf: { allOf: unknown[] }[];
    };
    expect(anyOf[0]?.allOf.at(-1)).toEqual({
      claim: 'x-ms-sgx-config-id',
      equals: '03'.repeat(64),
    });
  });
});

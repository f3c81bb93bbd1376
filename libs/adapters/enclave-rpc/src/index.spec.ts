import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'CallAbort',
      'ENCLAVE_ID_METADATA',
      'MAX_CONCURRENT_STREAMS',
      'MAX_MESSAGE_BYTES',
      'RpcCallError',
      'RpcError',
      'SECRET_SHARING_NAME',
      'SECRET_SHARING_VARIANTS',
      'SERVICE_NAME',
      'checkHealth',
      'createEnclaveHostClient',
      'createEnclaveHostServer',
      'createSecretSharingClient',
    ]);
  });
});

import * as face from './index';

describe('the public face', () => {
  it('is what others may build on', () => {
    expect(Object.keys(face).sort()).toEqual([
      'CallAbort',
      'MAX_CONCURRENT_STREAMS',
      'MAX_MESSAGE_BYTES',
      'RpcCallError',
      'RpcError',
      'SERVICE_NAME',
      'checkHealth',
      'createEnclaveHostClient',
      'createEnclaveHostServer',
    ]);
  });
});

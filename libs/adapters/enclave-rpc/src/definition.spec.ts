import { tmpdir } from 'node:os';
import { findProtoFolder, loadContract } from './definition';

const { methods } = loadContract();

describe('loadContract', () => {
  it('finds the proto file of the workspace from here', () => {
    expect(methods.runTrainer.path).toBe('/touchstone.enclavehost.v1.EnclaveHost/RunTrainer');
    expect([methods.runTrainer.requestStream, methods.runTrainer.responseStream]).toEqual([
      true,
      true,
    ]);
  });

  it('says so where there is no proto file', () => {
    expect(() => findProtoFolder(tmpdir())).toThrow(
      expect.objectContaining({ code: 'RPC_PROTO_NOT_FOUND' }),
    );
  });
});

describe('a message without its members', () => {
  const decoded = (name: keyof typeof methods, side: 'request' | 'response') =>
    side === 'request'
      ? methods[name].requestDeserialize(Buffer.alloc(0))
      : methods[name].responseDeserialize(Buffer.alloc(0));

  // These are the member names that `messages.ts` states: the proto file and the types cannot drift apart unnoticed.
  it.each([
    [
      'getPlatformInfo',
      'response',
      'cpuSvn fmspc images model pceId pceSvn pckCa pckNotAfter qeId qeTargetInfo',
    ],
    ['loadEnclave', 'request', 'configId configSvn debug'],
    [
      'loadEnclave',
      'response',
      'configId configSvn debug endCode id loadedAt mrEnclave mrSigner name productId state svn',
    ],
    ['listEnclaves', 'response', 'enclaves'],
    ['terminateEnclave', 'request', 'enclaveId'],
    ['callEnclave', 'request', 'deadlineMilliseconds enclaveId name payload'],
    ['callEnclave', 'response', 'payload'],
    ['getReport', 'request', 'enclaveId nonce targetInfo'],
    ['getReport', 'response', 'report'],
    ['getQuote', 'request', 'certificationType format report'],
    ['getQuote', 'response', 'quote'],
    ['streamLogs', 'request', 'enclaveId onlyNew'],
    ['streamLogs', 'response', 'dropped kind text time'],
    ['getEvidence', 'request', 'certificationType enclaveId format nonce'],
    ['getEvidence', 'response', 'quote runtimeData'],
    ['attest', 'request', 'attestationUrl quote runtimeDataType'],
    ['attest', 'response', 'requestId token'],
  ] as const)('of %s, %s, has %s', (name, side, members) => {
    expect(Object.keys(decoded(name, side)).sort().join(' ')).toBe(members);
  });

  it('has an enumeration by name and integers as numbers', () => {
    expect(decoded('loadEnclave', 'response')).toMatchObject({
      state: 'ENCLAVE_STATE_UNSPECIFIED',
      loadedAt: 0,
    });
  });
});

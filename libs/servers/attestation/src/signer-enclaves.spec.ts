import { RpcCallError } from '@touchstone/enclave-rpc';
import type { EnclaveHostClient, EnclaveSummary } from '@touchstone/enclave-rpc';
import { silentLogger } from '@touchstone/runtime';
import { teeUnavailable } from '@touchstone/service-attestation';
import { MAX_CONCURRENT_SIGNATURES, remoteSigners } from './signer-enclaves';

type Host = Pick<EnclaveHostClient, 'loadEnclave' | 'callEnclave' | 'terminateEnclave'>;

const bytes = (value: number): Uint8Array => Uint8Array.of(value);
const failure = (code: string): RpcCallError => new RpcCallError(code, 'UNKNOWN', code);

/** A host that notes what it is asked, and answers a call as a test says. */
function aHost(answer: (name: string) => Promise<Uint8Array>) {
  const asked: string[] = [];
  const host: Host = {
    loadEnclave: async ({ image, debug }) => {
      asked.push(`load ${image ?? ''}${debug ? ' debug' : ''}`);
      return { id: 'e1' } as EnclaveSummary;
    },
    callEnclave: async ({ enclaveId, name, payload }) => {
      asked.push(`${name} ${enclaveId} ${payload.join()}`);
      return { payload: await answer(name) };
    },
    terminateEnclave: async ({ enclaveId }) => {
      asked.push(`end ${enclaveId}`);
      return { enclave: { id: enclaveId } as EnclaveSummary };
    },
  };
  return { asked, signers: remoteSigners(() => host, silentLogger) };
}

describe('remoteSigners', () => {
  it('has a key born in an enclave that is not a debug one', async () => {
    const { asked, signers } = aHost(async () => bytes(9));
    expect(await signers.bear(bytes(1))).toEqual({ enclaveId: 'e1', birth: bytes(9) });
    expect(asked).toEqual(['load token-signer', 'bear e1 1']);
  });

  it('leaves no enclave behind that bore nothing', async () => {
    const { asked, signers } = aHost(() => Promise.reject(failure('HOST_PCK_UNAVAILABLE')));
    await expect(signers.bear(bytes(1))).rejects.toMatchObject({
      code: 'ATTESTATION_TEE_UNAVAILABLE',
      message: expect.stringContaining('HOST_PCK_UNAVAILABLE'),
    });
    expect(asked.at(-1)).toBe('end e1');
  });

  it.each([
    ['HOST_ENCLAVE_UNKNOWN', 'ATTESTATION_KEY_LOST'],
    ['ENCLAVE_TERMINATED', 'ATTESTATION_KEY_LOST'],
    ['ENCLAVE_CRASHED', 'ATTESTATION_KEY_LOST'],
    ['ENCLAVE_OUT_OF_MEMORY', 'ATTESTATION_KEY_LOST'],
    ['ENCLAVE_DEADLINE_EXCEEDED', 'ATTESTATION_KEY_LOST'],
    ['RPC_UNAVAILABLE', 'ATTESTATION_TEE_UNAVAILABLE'],
    ['RPC_DEADLINE_EXCEEDED', 'ATTESTATION_TEE_UNAVAILABLE'],
    ['ENCLAVE_OUT_OF_THREADS', 'ATTESTATION_TEE_UNAVAILABLE'],
    ['ENCLAVE_ECALL_FAILED', 'ATTESTATION_TEE_UNAVAILABLE'],
  ])('takes %s for %s', async (code, meaning) => {
    const { signers } = aHost(() => Promise.reject(failure(code)));
    await expect(signers.sign('e1', bytes(2))).rejects.toMatchObject({ code: meaning });
  });

  it('hides no failure of its own', async () => {
    const { signers } = aHost(() => Promise.reject(new TypeError('ours')));
    await expect(signers.sign('e1', bytes(2))).rejects.toThrow(TypeError);
  });

  it('asks for the host when there is something to do, and says when there is none', async () => {
    const signers = remoteSigners(() => {
      throw teeUnavailable('there is no enclave host');
    }, silentLogger);
    const unavailable = { code: 'ATTESTATION_TEE_UNAVAILABLE' };
    await expect(signers.bear(bytes(1))).rejects.toMatchObject(unavailable);
    await expect(signers.sign('e1', bytes(2))).rejects.toMatchObject(unavailable);
  });

  it('has so many signatures under way at a time, and all of them in the end', async () => {
    let underWay = 0;
    let most = 0;
    const { signers } = aHost(async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
      return bytes(7);
    });
    const count = 3 * MAX_CONCURRENT_SIGNATURES + 1;
    const signed = await Promise.all(
      Array.from({ length: count }, () => signers.sign('e1', bytes(2))),
    );
    expect(signed).toEqual(Array.from({ length: count }, () => bytes(7)));
    expect(most).toBe(MAX_CONCURRENT_SIGNATURES);
  });

  it('gives the place of one that failed to the next', async () => {
    let failing = MAX_CONCURRENT_SIGNATURES;
    const { signers } = aHost(async () => {
      await new Promise(setImmediate);
      if (failing-- > 0) throw failure('RPC_UNAVAILABLE');
      return bytes(7);
    });
    const count = 2 * MAX_CONCURRENT_SIGNATURES;
    const settled = await Promise.allSettled(
      Array.from({ length: count }, () => signers.sign('e1', bytes(2))),
    );
    const signed = settled.filter(({ status }) => status === 'fulfilled');
    expect(signed).toHaveLength(MAX_CONCURRENT_SIGNATURES);
  });
});

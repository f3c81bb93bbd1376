import { fromUtf8, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import { MAX_RUNTIME_DATA_BYTES, quote, type EnclaveRuntime } from './notary';

/** A host whose answers name the question, so that a test sees what was handed on. */
function aRuntime() {
  const calls: { name: string; payload: Uint8Array }[] = [];
  const reported: Uint8Array[] = [];
  const runtime: EnclaveRuntime = {
    ocall: async (name, payload) => {
      calls.push({ name, payload });
      return fromUtf8(`answer to ${name}`);
    },
    report: async (targetInfo, reportData) => {
      reported.push(reportData);
      return fromUtf8(`report for ${toUtf8(targetInfo)}`);
    },
  };
  return { runtime, calls, reported };
}

describe('quote', () => {
  it('binds the SHA-256 of the runtime data, and zeros', async () => {
    const { runtime, reported } = aRuntime();
    const runtimeData = fromUtf8('{"keys":[]}');
    await quote(runtimeData, runtime);
    expect(reported.map(toHex)).toEqual([`${toHex(sha256(runtimeData))}${'00'.repeat(32)}`]);
  });

  it('reports to the Quoting Enclave and has that report quoted', async () => {
    const { runtime, calls } = aRuntime();
    expect(toUtf8(await quote(new Uint8Array(), runtime))).toBe('answer to quote');
    expect(calls.map(({ name, payload }) => [name, toUtf8(payload)])).toEqual([
      ['qe-target-info', ''],
      ['quote', 'report for answer to qe-target-info'],
    ]);
  });

  it('refuses more runtime data than it takes, before it asks anybody', async () => {
    const { runtime, calls } = aRuntime();
    await expect(quote(new Uint8Array(MAX_RUNTIME_DATA_BYTES + 1), runtime)).rejects.toMatchObject({
      code: 'NOTARY_RUNTIME_DATA_TOO_LARGE',
    });
    expect(calls).toEqual([]);
  });
});

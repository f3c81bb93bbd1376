import { fromUtf8, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import { createEnclave } from '@touchstone/enclave-sdk';
import { MAX_RUNTIME_DATA_BYTES, quote } from './notary';

/** A host whose answers name the question, so that a test sees what was handed on. */
function anEnclave() {
  const calls: { name: string; payload: Uint8Array }[] = [];
  const reported: Uint8Array[] = [];
  const enclave = createEnclave({
    ocall: async (name, payload) => {
      calls.push({ name, payload });
      return name === 'qe-target-info' ? new Uint8Array(512) : fromUtf8(`answer to ${name}`);
    },
    report: (_targetInfo, reportData) => {
      reported.push(reportData);
      return fromUtf8('report');
    },
    getKey: () => new Uint8Array(16),
    yield: async () => undefined,
  });
  return { enclave, calls, reported };
}

describe('quote', () => {
  it('binds the SHA-256 of the runtime data, and zeros', async () => {
    const { enclave, reported } = anEnclave();
    const runtimeData = fromUtf8('{"keys":[]}');
    await quote(runtimeData, enclave);
    expect(reported.map(toHex)).toEqual([`${toHex(sha256(runtimeData))}${'00'.repeat(32)}`]);
  });

  it('reports to the Quoting Enclave and has that report quoted', async () => {
    const { enclave, calls } = anEnclave();
    expect(toUtf8(await quote(new Uint8Array(), enclave))).toBe('answer to quote');
    expect(calls.map(({ name, payload }) => [name, toUtf8(payload)])).toEqual([
      ['qe-target-info', ''],
      ['quote', 'report'],
    ]);
  });

  it('refuses more runtime data than it takes, before it asks anybody', async () => {
    const { enclave, calls } = anEnclave();
    await expect(quote(new Uint8Array(MAX_RUNTIME_DATA_BYTES + 1), enclave)).rejects.toMatchObject({
      code: 'NOTARY_RUNTIME_DATA_TOO_LARGE',
    });
    expect(calls).toEqual([]);
  });
});

import { LOAD_CASES } from './load-cases';
import { simulatedSubjects, verifyRows } from './verify-rows';

const QUICK = { rounds: 1, batchMs: 1, warmMs: 1 };

describe('rows', () => {
  it.each(simulatedSubjects())('$name is verified by us, the peer and the floor', (subject) => {
    const rows = verifyRows(subject, QUICK);
    expect(rows.map(({ name }) => name)).toEqual([`${subject.name}.warm`, `${subject.name}.cold`]);
    for (const row of rows) {
      expect(row).toEqual(
        expect.objectContaining({
          unit: 'ms',
          ours: expect.any(Number),
          floor: expect.any(Number),
          toFloor: expect.any(Number),
          peer: expect.any(Number),
          toPeer: expect.any(Number),
        }),
      );
    }
  });

  it('are of SGX and of TDX', () => {
    expect(simulatedSubjects().map(({ name }) => name)).toEqual(['verify.sgx', 'verify.tdx']);
  });

  it('about services keep their names, each once', () => {
    const names = LOAD_CASES.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['attest.http', 'attest.policy', 'pccs.tcb', 'vault.release']),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

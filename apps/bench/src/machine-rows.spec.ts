import { ecallRow } from './ecall-row';
import { machineRows } from './machine-rows';

jest.setTimeout(60_000);

describe('rows about the machine', () => {
  it('stand beside the cryptography that they need', () => {
    const rows = machineRows({ rounds: 1, batchMs: 1 });
    expect(rows.map(({ name, unit }) => [name, unit])).toEqual([
      ['enclave.seal', '1/s/core'],
      ['enclave.unseal', '1/s/core'],
      ['enclave.load', 'ms'],
      ['enclave.quote', '1/s/core'],
    ]);
    for (const row of rows) expect(row.toFloor).toEqual(expect.any(Number));
  });

  it('tell how long an ECALL takes', async () => {
    const row = await ecallRow(1);
    expect(row).toMatchObject({ name: 'enclave.ecall', toFloor: expect.any(Number) });
    expect(row.p50).toBeGreaterThan(0);
  });
});

import { rateRow, timeRow } from './row';

describe('timeRow', () => {
  it('compares with the floor and with the peer', () => {
    expect(timeRow('verify.sgx.cold', 2, { floor: 0.5, peer: 7 }, 'why')).toEqual({
      name: 'verify.sgx.cold',
      unit: 'ms',
      ours: 2,
      floor: 0.5,
      toFloor: 4,
      peer: 7,
      toPeer: 3.5,
      note: 'why',
    });
  });

  it('has no member for what was not measured', () => {
    expect(timeRow('x', 2)).toStrictEqual({ name: 'x', unit: 'ms', ours: 2 });
  });

  it('rounds to four digits, and the ratios from what was measured', () => {
    expect(timeRow('x', 1.234567, { floor: 0.1234567 })).toMatchObject({
      ours: 1.235,
      floor: 0.1235,
      toFloor: 10,
    });
  });
});

describe('rateRow', () => {
  it('turns milliseconds for one into how many a second', () => {
    expect(rateRow('attest.http', 0.5, 0.35, { p50: 1, p99: 9, peakMiB: 120 })).toEqual({
      name: 'attest.http',
      unit: '1/s/core',
      ours: 2000,
      floor: 2857,
      toFloor: 0.7,
      p50: 1,
      p99: 9,
      peakMiB: 120,
    });
  });

  it('has no member for what was not measured', () => {
    expect(rateRow('x', 0.25, undefined)).toStrictEqual({
      name: 'x',
      unit: '1/s/core',
      ours: 4000,
    });
  });
});

import { tableHead, tableRow } from './table';

describe('tableRow', () => {
  it('stands under the head, blank where nothing was measured', () => {
    const line = tableRow({ name: 'pccs.tcb', unit: '1/s/core', ours: 5000, p99: 3, note: 'why' });
    const under = (column: string): string => {
      const end = tableHead().indexOf(column) + column.length;
      return line.slice(end - 10, end).trim();
    };
    expect(line).toMatch(/^pccs\.tcb /);
    expect(line).toMatch(/ {2}why$/);
    expect(['unit', 'ours', 'floor', '× faster', 'p50 ms', 'p99 ms', 'MiB'].map(under)).toEqual([
      '1/s/core',
      '5000',
      '',
      '',
      '',
      '3',
      '',
    ]);
  });
});

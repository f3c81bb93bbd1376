import { Narrator, renderStep } from './narrator';
import type { Step } from './narrator';

describe('Narrator', () => {
  it('keeps what it tells, in order', () => {
    const told: Step[] = [];
    const narrator = new Narrator((step) => told.push(step));
    narrator.step('enclave A', 'makes a key');
    narrator.step('enclave B', 'takes it', { bytes: 256 });
    expect(told.map(({ party, what, values }) => [party, what, values])).toEqual([
      ['enclave A', 'makes a key', {}],
      ['enclave B', 'takes it', { bytes: 256 }],
    ]);
    expect(narrator.steps).toEqual(told);
  });
});

describe('renderStep', () => {
  it('has the party in a column of its own and the values below', () => {
    const values = { id: 'ab', ok: true };
    const step = { party: 'host', what: 'loads it', values, why: 'somebody must' };
    expect(renderStep({ ...step, milliseconds: 7 })).toBe(
      [
        'host                loads it  (7 ms)',
        '                      somebody must',
        '                      id: ab',
        '                      ok: true',
        '',
      ].join('\n'),
    );
  });
});

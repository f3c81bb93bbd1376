import fc from 'fast-check';
import { readFromEnclave, readInstruction } from './protocol';

describe('readFromEnclave', () => {
  it.each([
    [{ kind: 'ready', ecalls: ['a'] }],
    [{ kind: 'returned', id: 1, payload: new Uint8Array(3) }],
    [{ kind: 'threw', id: 1, code: 'X', message: 'y' }],
    [{ kind: 'ocall', id: 1, ecall: 2, name: 'n', payload: new Uint8Array(0) }],
  ])('takes %j as it is', (message) => {
    expect(readFromEnclave(message)).toEqual(message);
  });

  it.each([
    ['no object', 7],
    ['an unknown kind', { kind: 'other', id: 1 }],
    ['an id that is no integer', { kind: 'returned', id: 1.5, payload: new Uint8Array(1) }],
    ['a payload that is no bytes', { kind: 'returned', id: 1, payload: 'text' }],
    [
      'a view into a larger buffer',
      { kind: 'returned', id: 1, payload: new Uint8Array(8).subarray(2) },
    ],
    [
      'a name that is too long',
      { kind: 'ocall', id: 1, ecall: 1, name: 'n'.repeat(65), payload: new Uint8Array(1) },
    ],
    ['ECALL names that are no text', { kind: 'ready', ecalls: [1] }],
  ])('refuses %s', (_what, message) => {
    expect(readFromEnclave(message)).toBeUndefined();
  });

  it('never throws, whatever an enclave posts', () => {
    fc.assert(fc.property(fc.anything(), (value) => void readFromEnclave(value)));
  });
});

describe('readInstruction', () => {
  it('takes an instruction as it is', () => {
    const message = { name: 'EGETKEY', operands: [new Uint8Array(512)] };
    expect(readInstruction(message)).toEqual(message);
  });

  it.each([
    ['no object', null],
    ['an unknown instruction', { name: 'ENCLU', operands: [] }],
    ['operands that are no list', { name: 'EREPORT', operands: new Uint8Array(2) }],
    ['an operand that is too long', { name: 'EREPORT', operands: [new Uint8Array(513)] }],
  ])('refuses %s', (_what, message) => {
    expect(readInstruction(message)).toBeUndefined();
  });
});

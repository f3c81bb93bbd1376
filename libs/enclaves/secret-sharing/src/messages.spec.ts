import fc from 'fast-check';
import { CodedError } from '@touchstone/errors';
import { decodeAttestationOrder, decodeAttestedKey, encodeMessage } from './messages';

const attested = { kind: 'PEM', key: Uint8Array.of(1, 2), report: Uint8Array.of(3) } as const;

describe('messages', () => {
  it('are read as they were written', () => {
    expect(decodeAttestedKey(encodeMessage(attested))).toEqual(attested);
    const order = { kind: 'AES', format: 'oe-report', challenge: new Uint8Array(32) } as const;
    expect(decodeAttestationOrder(encodeMessage(order))).toEqual(order);
  });

  it.each([
    ['kind', { kind: 'RSA' }],
    ['key', { key: 3 }],
    ['key', { key: '!' }],
    ['key', { key: new Uint8Array(4097) }],
    ['report', { report: new Uint8Array(65_537) }],
  ])('are refused with a bad %s', (field, changes) => {
    expect(() => decodeAttestedKey(encodeMessage({ ...attested, ...changes }))).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', field }),
    );
  });

  it.each([
    ['format', { format: 'oe-evidence' }],
    ['challenge', { challenge: new Uint8Array(31) }],
    ['targetInfo', { targetInfo: new Uint8Array(511) }],
  ])('are refused with a bad %s in an order', (field, changes) => {
    expect(() => decodeAttestationOrder(encodeMessage({ kind: 'PEM', ...changes }))).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', field }),
    );
  });

  it('never fail in any other way, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((s) => Buffer.from(s)),
        ),
        (bytes) => {
          try {
            decodeAttestedKey(Uint8Array.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(CodedError);
            expect(error).toMatchObject({ code: 'REQUEST_INVALID' });
          }
        },
      ),
    );
  });
});

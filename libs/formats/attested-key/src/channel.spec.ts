import { fromHex, fromUtf8, toHex } from '@touchstone/bytes';
import { CONTROLLER_SECRET, ENCLAVE_SECRET, ENDS } from './__fixtures__/births';
import { agreeCallKey, channelPublicKey, decodeCall, encodeCall } from './channel';

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('the channel', () => {
  it('has the public key of RFC 7748, section 6.1', () => {
    const bob = '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb';
    expect(toHex(channelPublicKey(fromHex(bob)))).toBe(
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    );
  });

  it('gives both ends the same key', () => {
    const key = agreeCallKey(CONTROLLER_SECRET, ENDS);
    expect(toHex(agreeCallKey(ENCLAVE_SECRET, ENDS))).toBe(toHex(key));
    expect(key).toHaveLength(32);
  });

  it.each([
    ['a point of small order', CONTROLLER_SECRET, { ...ENDS, enclave: new Uint8Array(32) }],
    ['a key that is too short', CONTROLLER_SECRET, { ...ENDS, enclave: new Uint8Array(31) }],
    ['a secret of neither end', new Uint8Array(32).fill(3), ENDS],
    ['itself', CONTROLLER_SECRET, { ...ENDS, enclave: ENDS.controller }],
    ['a secret that is too short', new Uint8Array(31), ENDS],
  ])('does not lead to %s', (_name, secret, ends) => {
    expect(codeOf(() => agreeCallKey(secret, ends))).toBe('ATTESTED_KEY_CHANNEL');
  });

  it('carries calls', () => {
    const key = agreeCallKey(CONTROLLER_SECRET, ENDS);
    const data = fromUtf8('header.payload');
    expect(toHex(decodeCall(key, encodeCall(key, data)))).toBe(toHex(data));
  });

  it.each([
    ['another key', (call: Uint8Array) => call, new Uint8Array(32).fill(9)],
    ['other data', (call: Uint8Array) => call.with(call.length - 1, 0), undefined],
    ['another code', (call: Uint8Array) => call.with(0, (call[0] ?? 0) ^ 1), undefined],
    ['no room for a code', (call: Uint8Array) => call.subarray(0, 31), undefined],
  ])('refuses a call with %s', (_name, change, otherKey) => {
    const key = agreeCallKey(CONTROLLER_SECRET, ENDS);
    const call = change(encodeCall(key, fromUtf8('data')));
    expect(codeOf(() => decodeCall(otherKey ?? key, call))).toBe('ATTESTED_KEY_CALL_REFUSED');
  });
});

import { fromHex, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import { aesCmac } from './aes-cmac';

const KEY = fromHex('2b7e151628aed2a6abf7158809cf4f3c');

describe('aesCmac', () => {
  // RFC 4493 section 4
  it.each([
    ['', 'bb1d6929e95937287fa37d129b756746'],
    ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
      'dfa66747de9ae63030ca32611497c827',
    ],
  ])('agrees with RFC 4493 for message %s', (message, mac) => {
    expect(toHex(aesCmac(KEY, fromHex(message)))).toBe(mac);
  });

  it('refuses a key of another length, even a valid AES-256 one', () => {
    let caught: unknown;
    try {
      aesCmac(new Uint8Array(32), KEY);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'CMAC_KEY_LENGTH')).toBe(true);
  });
});

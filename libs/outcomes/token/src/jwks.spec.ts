import { generateKeyPairSync } from 'node:crypto';
import { maaJwks } from './jwks';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
const entry = { kid: 'k', certificates: [new Uint8Array([0x30, 0])], spki };

describe('maaJwks', () => {
  it('is x5c, kid, kty as the live service has it', () => {
    const text = JSON.stringify(maaJwks([entry], { publicMembers: false }));
    expect(text).toBe('{"keys":[{"x5c":["MAA="],"kid":"k","kty":"RSA"}]}');
  });

  it('adds what generic libraries need, behind those', () => {
    const [key] = maaJwks([entry]).keys;
    expect(Object.keys(key ?? {})).toEqual(['x5c', 'kid', 'kty', 'n', 'e', 'use', 'alg']);
    expect(key).toMatchObject({ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' });
  });
});

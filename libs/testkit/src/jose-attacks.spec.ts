import { generateKeyPairSync } from 'node:crypto';
import { hasCode } from '@touchstone/errors';
import { verifyToken, type Jwk } from '@touchstone/token';
import { TEST_NOW } from './fixed-clock';
import { JOSE_ATTACKS, JOSE_ATTACK_NAMES, compactRs256, type GoodJws } from './jose-attacks';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const good: GoodJws = {
  privateKey,
  header: { alg: 'RS256', kid: 'k1', typ: 'JWT' },
  payload: { iss: 'https://issuer.example', exp: TEST_NOW.getTime() / 1000 + 3600 },
  elsewhere: 'https://elsewhere.example',
};
const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] as unknown as readonly Jwk[];

const verify = (jws: string) =>
  verifyToken(jws, keys, {
    algorithms: ['RS256'],
    issuer: 'https://issuer.example',
    at: TEST_NOW,
  });

describe('a verified token', () => {
  it('is the good one', async () => {
    const { claims } = await verify(compactRs256(privateKey, good.header, good.payload));
    expect(claims).toEqual(good.payload);
  });

  it.each(JOSE_ATTACK_NAMES)('is not one with %s', async (name) => {
    const error: unknown = await verify(JOSE_ATTACKS[name](good)).catch((cause: unknown) => cause);
    expect(hasCode(error) ? error.code : error).toMatch(/^TOKEN_/);
  });
});

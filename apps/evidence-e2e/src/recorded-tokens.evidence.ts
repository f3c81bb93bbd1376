import { verify } from 'node:crypto';
import type { Jwk } from '@touchstone/token';
import { MIN_RSA_BITS, jwkPublicKey, verifyToken } from '@touchstone/token';
import type { NamedExchange } from './recordings';
import { claimsOf, exchanges, instantOf, labelled, replay, tokenOf } from './recordings';

const CLOCK_TOLERANCE_SECONDS = 5;

/** The key set that the same provider published in the same recording. */
function keysOf({ recording }: NamedExchange): readonly Jwk[] {
  const answer = recording.exchanges.find(({ request }) => request.path === '/certs');
  return (JSON.parse(answer?.response.body ?? '{"keys":[]}') as { keys: readonly Jwk[] }).keys;
}

/** The key that the token itself names, as the recorded set has it. */
function keyOf(exchange: NamedExchange) {
  const [header = ''] = (tokenOf(exchange) ?? '').split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { kid: string };
  const jwk = keysOf(exchange).find((one) => one.kid === kid);
  if (jwk === undefined) throw new Error('the recorded set lacks the key');
  return jwkPublicKey(jwk);
}

const isLong = (exchange: NamedExchange): boolean =>
  (keyOf(exchange).asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;

replay('recorded tokens', () => {
  const all = exchanges.filter((exchange) => tokenOf(exchange) !== undefined);
  const withToken = all.filter(isLong);
  const withShortKey = all.filter((exchange) => !isLong(exchange));

  it.each(labelled(withToken))('%s verifies under the recorded key set', async (_, exchange) => {
    const token = tokenOf(exchange) ?? '';
    const issuer = String(claimsOf(token)['iss']);
    const { header, claims, jwk } = await verifyToken(token, keysOf(exchange), {
      algorithms: ['RS256'],
      at: instantOf(exchange),
      issuer,
      clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
    });
    expect(header['jku']).toBe(`${issuer}/certs`);
    expect(jwk.kid).toBe(header['kid']);
    expect(claims).toEqual(claimsOf(token));
  });

  it.each(labelled(withToken))('%s is refused after its time', async (_, exchange) => {
    const token = tokenOf(exchange) ?? '';
    const at = new Date(Number(claimsOf(token)['exp']) * 1000 + 1000);
    await expect(
      verifyToken(token, keysOf(exchange), { algorithms: ['RS256'], at }),
    ).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it.each(labelled(withToken))('%s is refused with another payload', async (_, exchange) => {
    const token = tokenOf(exchange) ?? '';
    const [header = '', , signature = ''] = token.split('.');
    const payload = JSON.stringify({ ...claimsOf(token), iss: 'https://example.invalid' });
    const forged = `${header}.${Buffer.from(payload).toString('base64url')}.${signature}`;
    await expect(
      verifyToken(forged, keysOf(exchange), { algorithms: ['RS256'], at: instantOf(exchange) }),
    ).rejects.toMatchObject({ code: 'TOKEN_SIGNATURE' });
  });

  // The service itself left these keys behind in 2021. RFC 7518 forbids them for RS256.
  it.each(labelled(withShortKey))(
    '%s is signed, by a key too short to be believed',
    async (_, exchange) => {
      const token = tokenOf(exchange) ?? '';
      const [header = '', payload = '', signature = ''] = token.split('.');
      const signed = Buffer.from(`${header}.${payload}`);
      expect(verify('sha256', signed, keyOf(exchange), Buffer.from(signature, 'base64url'))).toBe(
        true,
      );
      await expect(
        verifyToken(token, keysOf(exchange), { algorithms: ['RS256'], at: instantOf(exchange) }),
      ).rejects.toMatchObject({ code: 'TOKEN_KEY_INVALID' });
    },
  );
});

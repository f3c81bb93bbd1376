import { toBase64Url } from '@touchstone/bytes';
import { JOSE_ATTACKS, JOSE_ATTACK_NAMES, compactRs256, type GoodJws } from '@touchstone/testkit';
import { RESET_DOCUMENT, encodePolicyText, wrapPolicy } from '@touchstone/policy-document';
import { jsonOf, openBench, postAttest, type Bench } from './bench';
import { aBoundQuote } from './evidence';
import { credentialOf, makeProvider } from './owners';
import { aPolicyOwner } from './policy-owner';
import { openTokenAuthority, type TokenAuthority } from './token-authority';

jest.setTimeout(120_000);

const POLICY = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';
const VERSION = '?api-version=2020-10-01';
const owner = aPolicyOwner('owner');
const deputy = aPolicyOwner('deputy');

const POLICY_BODY = { AttestationPolicy: encodePolicyText(POLICY) };
const SIGNER_BODY = { policyCertificate: { kty: 'RSA', x5c: deputy.x5c } };

type Place = readonly [method: 'PUT' | 'POST', path: string];
const SET: Place = ['PUT', '/policies/SgxEnclave'];
const RESET: Place = ['POST', '/policies/SgxEnclave:reset'];
const ADD: Place = ['POST', '/certificates:add'];
const REMOVE: Place = ['POST', '/certificates:remove'];

describe('statements of owners', () => {
  let bench: Bench;
  let elsewhere: TokenAuthority;
  let bearer: string;

  beforeAll(async () => {
    bench = await openBench({ withIdentity: true });
    elsewhere = await openTokenAuthority();
    await makeProvider(bench, 'contoso');
    await makeProvider(bench, 'isolated', owner.certificate);
    bearer = (await credentialOf(bench).getToken('https://attest.azure.net/.default')).token;
  });
  afterAll(async () => {
    await elsewhere.close();
    await bench.close();
  });

  const ask = (provider: string, method: 'GET' | 'PUT' | 'POST', path: string, body?: string) =>
    bench.http.request({
      method,
      url: `${bench.provider(provider)}${path}${VERSION}`,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'text/plain' },
      ...(body !== undefined && { body }),
    });
  const say = async (provider: string, [method, path]: Place, jws: string) => {
    const { status, body } = await ask(provider, method, path, jws);
    const { error } = JSON.parse(Buffer.from(body).toString()) as { error?: { code: string } };
    return error ? `${status} ${error.code}` : status;
  };
  /** The token of an answer to a question. */
  const tokenOf = async (provider: string, path: string): Promise<string> =>
    (jsonOf(await ask(provider, 'GET', path)) as { token: string }).token;
  /** Policy and signers of a provider, as its owner reads them. */
  const stateOf = async (provider: string): Promise<unknown[]> => {
    const tokens = [tokenOf(provider, '/policies/SgxEnclave'), tokenOf(provider, '/certificates')];
    return (await Promise.all(tokens)).map((token) => {
      const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
      const { 'x-ms-policy': policy, 'x-ms-policy-certificates': certificates } = JSON.parse(
        claims,
      ) as Record<string, unknown>;
      return policy ?? certificates;
    });
  };

  const signedBy = (payload: GoodJws['payload']): GoodJws => ({
    privateKey: owner.key,
    header: { alg: 'RS256', x5c: owner.x5c },
    payload,
    elsewhere: elsewhere.url,
  });
  const signed = (payload: object | string): string =>
    compactRs256(owner.key, { alg: 'RS256', x5c: owner.x5c }, payload);

  describe.each([
    ['a policy', SET, POLICY_BODY],
    ['a certificate to add', ADD, SIGNER_BODY],
    ['a certificate to remove', REMOVE, SIGNER_BODY],
  ] as const)('%s', (_name, place, payload) => {
    it('is taken as it is', async () => {
      expect(await say('isolated', place, signed(payload))).toBe(200);
    });

    it.each(JOSE_ATTACK_NAMES)('is not taken with %s', async (name) => {
      const before = await stateOf('isolated');
      const jws = JOSE_ATTACKS[name](signedBy(payload));
      expect(await say('isolated', place, jws)).toBe('400 InvalidOperation');
      expect(await stateOf('isolated')).toEqual(before);
      expect(elsewhere.asked).toEqual([]);
    });
  });

  describe('alg none', () => {
    it('is enough where nobody has to sign', async () => {
      expect(await say('contoso', SET, wrapPolicy(POLICY))).toBe(200);
      expect(await say('contoso', RESET, RESET_DOCUMENT)).toBe(200);
    });

    it.each([
      ['to set a policy', SET, wrapPolicy(POLICY)],
      ['to reset a policy', RESET, RESET_DOCUMENT],
    ] as const)('is not enough for an isolated provider %s', async (_name, place, jws) => {
      expect(await say('isolated', place, jws)).toBe('400 InvalidOperation');
    });
  });

  describe('in place of another statement', () => {
    const policy = signed(POLICY_BODY);
    const certificate = signed(SIGNER_BODY);
    const reset = compactRs256(owner.key, { alg: 'RS256', x5c: owner.x5c }, '');

    it.each([
      ['a policy that adds a certificate', ADD, policy],
      ['a policy that removes a certificate', REMOVE, policy],
      ['a policy that resets', RESET, policy],
      ['a certificate that sets a policy', SET, certificate],
      ['a certificate that resets', RESET, certificate],
      ['a reset that sets a policy', SET, reset],
      ['a reset that adds a certificate', ADD, reset],
    ] as const)('no owner says %s', async (_name, place, jws) => {
      expect(await say('isolated', place, jws)).toBe('400 InvalidOperation');
    });

    const TOKENS: readonly (readonly [string, () => Promise<string>])[] = [
      ['a bearer token', async () => bearer],
      ['a token that answered for a policy', () => tokenOf('contoso', '/policies/SgxEnclave')],
      ['a token that answered for certificates', () => tokenOf('contoso', '/certificates')],
      ['an attestation token', () => attestationToken({})],
      [
        'an unsecured attestation token',
        () => attestationToken({ draftPolicyForAttestation: POLICY }),
      ],
    ];
    async function attestationToken(options: object): Promise<string> {
      const quote = toBase64Url(aBoundQuote(bench.platform));
      return (jsonOf(await postAttest(bench, { quote, ...options })) as { token: string }).token;
    }

    it.each(TOKENS)('%s says nothing', async (_name, token) => {
      const jws = await token();
      expect(jws.split('.')).toHaveLength(3);
      for (const provider of ['contoso', 'isolated'])
        for (const place of [SET, RESET, ADD, REMOVE])
          expect(await say(provider, place, jws)).toBe('400 InvalidOperation');
    });

    it.each(TOKENS.slice(1))('%s is no bearer token', async (_name, token) => {
      const { status } = await bench.http.request({
        method: 'GET',
        url: `${bench.provider('contoso')}/policies/SgxEnclave${VERSION}`,
        headers: { authorization: `Bearer ${await token()}` },
      });
      expect(status).toBe(401);
    });
  });
});

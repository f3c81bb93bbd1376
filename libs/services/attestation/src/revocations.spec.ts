import type { RevokedToken, RevokedTokenStore } from '@touchstone/ports';
import { parseCompactJws, revocationDigest, unsecuredJwt } from '@touchstone/token';
import { SECONDS, aLocation, newSigner, ownTokens } from './__fixtures__/own-tokens';
import { createRevocations } from './revocations';

const signer = newSigner();
const { clock, ownToken, token } = ownTokens(signer);
const stranger = newSigner();

function aService(limit = Infinity) {
  const kept: RevokedToken[] = [];
  const store: RevokedTokenStore = {
    add: async (revoked, most) => {
      if (kept.length >= Math.min(limit, most)) return 'full';
      kept.push(revoked);
      return 'kept';
    },
    list: async (provider) =>
      kept.filter((each) => each.provider === provider).map(({ digest }) => digest),
  };
  return { kept, revocations: createRevocations({ store, ownToken, clock }) };
}

const digestOf = (jwt: string): string => revocationDigest(parseCompactJws(jwt));

describe('createRevocations', () => {
  it('keeps a token of the provider until it is over', async () => {
    const { kept, revocations } = aService();
    const jwt = token();
    await revocations.revoke(aLocation(), jwt);
    expect(kept).toEqual([
      {
        provider: 'contoso',
        digest: digestOf(jwt),
        expiresAt: new Date((SECONDS + 3600) * 1000),
      },
    ]);
    expect(await revocations.list(aLocation().provider)).toEqual([digestOf(jwt)]);
  });

  it('knows the provider by its own name, too', async () => {
    const { kept, revocations } = aService();
    await revocations.revoke(aLocation(), token({ iss: 'https://contoso.eus2.attest.azure.net' }));
    expect(kept).toHaveLength(1);
  });

  it('has nothing to keep of one that is over', async () => {
    const { kept, revocations } = aService();
    await revocations.revoke(aLocation(), token({ exp: SECONDS - 1 }));
    expect(kept).toEqual([]);
  });

  it.each([
    ['of another provider in the region', token({ iss: 'https://localhost:7010/fabrikam' })],
    ['that somebody else signed', token({}, stranger)],
    ['that nobody signed', unsecuredJwt({ iss: 'https://localhost:7010/contoso' })],
    ['that is none', 'text'],
  ])('takes no token %s', async (_name, jwt) => {
    const { kept, revocations } = aService();
    await expect(revocations.revoke(aLocation(), jwt)).rejects.toMatchObject({
      code: 'ATTESTATION_TOKEN_FOREIGN',
    });
    expect(kept).toEqual([]);
  });

  it('says when it can keep no more', async () => {
    const { revocations } = aService(0);
    await expect(revocations.revoke(aLocation(), token())).rejects.toMatchObject({
      code: 'ATTESTATION_REVOCATIONS_FULL',
    });
  });
});

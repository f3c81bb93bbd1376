import { fromUtf8 } from '@touchstone/bytes';
import type { HttpRequest } from '@touchstone/http-client';
import { renderKeys } from './render-keys';
import { createSigningKeys, type RegionKeysView } from './signing-keys';

const endpoints = {
  ca: '',
  services: { 'attestation-service': 'https://localhost:7010' },
  tenant: '',
  client: { id: '', secret: '' },
  operatorToken: 'opens',
  simulatedRoot: '',
};

function aWorld(status: number, answer: object) {
  const asked: HttpRequest[] = [];
  const http = {
    request: async (request: HttpRequest) => {
      asked.push(request);
      return { status, headers: {}, body: fromUtf8(JSON.stringify(answer)) };
    },
    close: async () => undefined,
  };
  return { asked, keys: createSigningKeys(endpoints, http) };
}

const REGIONS: readonly RegionKeysView[] = [
  {
    region: 'uksouth',
    keys: [
      {
        kid: 'bmV3',
        state: 'announced',
        createdAt: '2026-01-01T00:00:00.000Z',
        enclave: { mrEnclave: 'ab', mrSigner: 'cd' },
      },
      {
        kid: 'b2xk',
        state: 'signing',
        createdAt: '2025-01-01T00:00:00.000Z',
        retiredAt: '2026-01-01T00:01:00.000Z',
        leavesAt: '2026-01-01T08:06:00.000Z',
      },
    ],
  },
  { region: 'eastus2', keys: [] },
  { region: 'centralus', error: { code: 'ATTESTATION_TEE_UNAVAILABLE', message: 'no machine' } },
];

describe('createSigningKeys', () => {
  it('rotates as the operator', async () => {
    const { asked, keys } = aWorld(200, { regions: REGIONS });
    expect(await keys.rotate('contoso', 0)).toEqual(REGIONS);
    expect(asked).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: 'https://localhost:7010/operator/keys/rotate',
        headers: expect.objectContaining({ authorization: 'Bearer opens' }),
        body: '{"provider":"contoso","announceSeconds":0}',
      }),
    ]);
  });

  it('keeps a name within its parameter', async () => {
    const { asked, keys } = aWorld(200, { regions: [] });
    await keys.list('a&b');
    expect(asked[0]?.url).toBe('https://localhost:7010/operator/keys?provider=a%26b');
  });

  it('says what the service says', async () => {
    const { keys } = aWorld(404, { error: { message: 'does not exist' } });
    await expect(keys.list('none')).rejects.toMatchObject({
      code: 'KEYS_REFUSED',
      message: 'does not exist',
    });
  });
});

describe('renderKeys', () => {
  it('reads as a report', () => {
    expect(renderKeys(REGIONS)).toBe(
      [
        'uksouth',
        '  announced  bmV3  made 2026-01-01T00:00:00.000Z',
        '             born in enclave ab',
        '  signing    b2xk  made 2025-01-01T00:00:00.000Z, signs until 2026-01-01T00:01:00.000Z, published until 2026-01-01T08:06:00.000Z',
        'eastus2',
        '  no key yet: the first is made when it is needed',
        'centralus',
        '  ATTESTATION_TEE_UNAVAILABLE: no machine',
        '',
      ].join('\n'),
    );
  });
});

import { openBench } from './bench';
import type { Bench } from './bench';
import { encodedPolicy } from './released';

let bench: Bench;
let data: string;
beforeAll(async () => {
  bench = await openBench();
  data = encodedPolicy(bench.authority.url);
});
afterAll(() => bench.close());

const refusal = (message: string | RegExp) => ({
  status: 400,
  body: {
    error: {
      code: 'BadParameter',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    },
  },
});
const create = (body: object, path = '/keys/k/create') => bench.ask({ method: 'POST', path, body });
const exportable = { exportable: true };

describe('a new key', () => {
  it('must not be exportable in an old version of the API', async () => {
    expect(
      await create(
        { kty: 'RSA-HSM', attributes: exportable, release_policy: { data } },
        '/keys/k/create?api-version=7.2',
      ),
    ).toMatchObject(
      refusal(
        "AKV.SKR.1001: The exportable attribute is only supported with premium vaults and API version >= '7.3-preview'.",
      ),
    );
  });

  it('must have a policy when it is exportable', async () => {
    expect(await create({ kty: 'RSA-HSM', attributes: exportable })).toMatchObject(
      refusal('AKV.SKR.1004: Exportable keys must have release policy.'),
    );
  });

  it('must not have one when it is not', async () => {
    expect(await create({ kty: 'RSA-HSM', release_policy: { data } })).toMatchObject(
      refusal('AKV.SKR.1005: Non-exportable keys must not have release policy.'),
    );
  });

  it.each(['RSA', 'EC', 'oct'])('must be of an HSM when it is exportable: %s', async (kty) => {
    expect(await create({ kty, attributes: exportable, release_policy: { data } })).toMatchObject(
      refusal(/^AKV\.SKR\.1006: /),
    );
  });

  it('must name an authority that can be reached', async () => {
    const nowhere = `${bench.identity.stand.url}/nowhere`;
    const body = {
      kty: 'oct-HSM',
      attributes: exportable,
      release_policy: { data: encodedPolicy(nowhere) },
    };
    expect(await create(body)).toMatchObject(
      refusal(`AKV.SKR.1012: The specified attestation service ${nowhere} cannot be reached.`),
    );
    expect(await bench.ask({ path: '/keys/k' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['that is not base64', '%%%'],
    ['that is not JSON', 'e30x'],
    ['that is no policy', 'e30'],
    ['that is too long', 'A'.repeat(60_000)],
    ['over plain http', encodedPolicy('http://a.example.test')],
  ])('must not have a policy %s', async (_title, text) => {
    const body = { kty: 'oct-HSM', attributes: exportable, release_policy: { data: text } };
    expect(await create(body)).toMatchObject(
      refusal(/^Property release_policy has invalid value: /),
    );
  });

  it('may have a policy as published scripts write it', async () => {
    const text = `{"anyOf":[{"authority":"${bench.authority.url}","allOf":[{"claim":"c","equals":"v"},]},],"version":"1.0"}`;
    const padded = Buffer.from(text).toString('base64');
    const body = {
      kty: 'oct-HSM',
      attributes: exportable,
      key_ops: ['unwrapkey'],
      release_policy: { data: padded },
    };
    const answer = await create(body, '/keys/script/create');
    const canonical = `{"version":"1.0.0","anyOf":[{"authority":"${bench.authority.url}","allOf":[{"claim":"c","equals":"v"}]}]}`;
    expect(answer).toMatchObject({
      status: 200,
      body: {
        key: { key_ops: ['unwrapKey'] },
        release_policy: {
          contentType: 'application/json; charset=utf-8',
          data: Buffer.from(canonical).toString('base64url'),
          immutable: false,
        },
      },
    });
  });
});

describe('an update', () => {
  const update = (path: string, body: object) => bench.ask({ method: 'PATCH', path, body });

  beforeAll(async () => {
    for (const [name, immutable] of [
      ['open', false],
      ['sealed', true],
    ] as const) {
      const body = { kty: 'oct-HSM', attributes: exportable, release_policy: { data, immutable } };
      expect(await create(body, `/keys/${name}/create`)).toMatchObject({ status: 200 });
    }
  });

  it('cannot change whether a key is exportable', async () => {
    expect(await update('/keys/open', { attributes: { exportable: false } })).toMatchObject(
      refusal('AKV.SKR.1014: Cannot modify the exportable state of a key.'),
    );
  });

  it('cannot set the policy of a version', async () => {
    const { body } = await bench.ask({ path: '/keys/open' });
    const { kid } = (body as { key: { kid: string } }).key;
    expect(await update(new URL(kid).pathname, { release_policy: { data } })).toMatchObject(
      refusal('AKV.SKR.1016: Key Release Policy can only be set on versionless key'),
    );
  });

  it('can set the policy of the newest version, over a path that ends in a slash', async () => {
    const contentType = 'application/json';
    expect(await update('/keys/open/', { release_policy: { data, contentType } })).toMatchObject({
      status: 200,
      body: { release_policy: { contentType } },
    });
  });

  it('cannot change an immutable policy', async () => {
    expect(await update('/keys/sealed', { release_policy: { data } })).toMatchObject(
      refusal('AKV.SKR.1020: Immutable Key Release Policy cannot be modified.'),
    );
    expect(await update('/keys/sealed', { tags: { a: '1' } })).toMatchObject({ status: 200 });
  });
});

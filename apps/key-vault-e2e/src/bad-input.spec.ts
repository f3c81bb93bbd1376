import { openBench } from './bench';
import type { Ask, Bench } from './bench';
import { encodedPolicy } from './released';

let bench: Bench;
let keysBefore: unknown;
beforeAll(async () => {
  bench = await openBench();
  await bench.ask({ method: 'POST', path: '/keys/k/create', body: { kty: 'oct-HSM' } });
  keysBefore = (await bench.ask({ path: '/keys' })).body;
});
afterAll(async () => {
  // Nothing that was refused has left a trace.
  expect((await bench.ask({ path: '/keys' })).body).toEqual(keysBefore);
  await bench.close();
});

const bad = (message: string) => ({
  status: 400,
  body: { error: { code: 'BadParameter', message } },
});
const invalid = (field: string) => bad(`Property ${field} has invalid value`);
const required = (field: string) => bad(`Property ${field} is required`);
const NOT_JSON = bad('the body is not JSON');
const NOT_OBJECT = bad('the body must be a JSON object');
const refuse = async (ask: Ask, expected: object) => {
  const { status, body } = await bench.ask(ask);
  expect({ status, body }).toEqual(expected);
};

const WITH_BODY: readonly (readonly [Ask['method'], string, object, number])[] = [
  ['POST', '/keys/new/create', { kty: 'oct-HSM' }, 128 * 1024],
  ['PUT', '/keys/new', { key: { kty: 'oct', k: 'AAAAAAAAAAAAAAAAAAAAAA' } }, 128 * 1024],
  ['PATCH', '/keys/k', {}, 128 * 1024],
  ['POST', '/keys/k/release', { target: 'a.b.c' }, 256 * 1024],
];

describe.each(WITH_BODY)('%s %s', (method, path, good, limit) => {
  it.each([
    ['no body', '', NOT_JSON],
    ['text', 'hello', NOT_JSON],
    ['half a document', '{"kty":', NOT_JSON],
    ['a list', '[]', NOT_OBJECT],
    ['null', 'null', NOT_OBJECT],
    ['a number', '1', NOT_OBJECT],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), bad('the body is not UTF-8')],
    ['a bomb of brackets', '['.repeat(5000), bad('the body is nested deeper than 64 levels')],
  ])('refuses %s', async (_title, body, expected) => {
    await refuse({ method, path, body, headers: { 'content-type': 'application/json' } }, expected);
  });

  it('refuses a body beyond its limit', async () => {
    const message = `the body is larger than ${limit} bytes`;
    await refuse(
      { method, path, body: { ...good, pad: 'x'.repeat(limit) } },
      { status: 413, body: { error: { code: 'RequestEntityTooLarge', message } } },
    );
  });

  it('refuses another content type', async () => {
    const message = 'the body must be application/json';
    await refuse(
      { method, path, body: JSON.stringify(good), headers: { 'content-type': 'text/plain' } },
      { status: 415, body: { error: { code: 'UnsupportedMediaType', message } } },
    );
  });

  it('refuses a compressed body', async () => {
    const message = 'the body must not be compressed';
    await refuse(
      { method, path, body: JSON.stringify(good), headers: { 'content-encoding': 'gzip' } },
      { status: 415, body: { error: { code: 'UnsupportedMediaType', message } } },
    );
  });
});

describe('create', () => {
  it.each([
    ['no kty', {}, required('kty')],
    ['an unknown kty', { kty: 'OKP' }, invalid('kty')],
    ['a size of another kind', { kty: 'RSA', key_size: '2048' }, invalid('key_size')],
    ['no such size', { kty: 'RSA', key_size: 1024 }, invalid('key_size')],
    ['no such curve', { kty: 'EC', crv: 'P-224' }, invalid('crv')],
    ['an even exponent', { kty: 'RSA', public_exponent: 4 }, invalid('public_exponent')],
    ['an unknown operation', { kty: 'RSA', key_ops: ['sing'] }, invalid('key_ops.0')],
    [
      'enabled as text',
      { kty: 'RSA', attributes: { enabled: 'yes' } },
      invalid('attributes.enabled'),
    ],
    ['a time that is text', { kty: 'RSA', attributes: { exp: 'soon' } }, invalid('attributes.exp')],
    [
      'a policy without data',
      { kty: 'RSA-HSM', release_policy: {} },
      required('release_policy.data'),
    ],
    ['a tag that is too long', { kty: 'RSA', tags: { a: 'x'.repeat(257) } }, invalid('tags.a')],
  ])('refuses %s', async (_title, body, expected) => {
    await refuse({ method: 'POST', path: '/keys/new/create', body }, expected);
  });
});

describe('import', () => {
  const oct = { kty: 'oct', k: 'AAAAAAAAAAAAAAAAAAAAAA' };
  it.each([
    ['no key', {}, required('key')],
    ['a key that is text', { key: 'k' }, invalid('key')],
    ['no kty', { key: {} }, required('key.kty')],
    ['octets that are not base64url', { key: { ...oct, k: 'AA==' } }, invalid('key.k')],
    [
      'octets in the other alphabet',
      { key: { ...oct, k: '++++++++++++++++++++++' } },
      invalid('key.k'),
    ],
    ['octets of odd length', { key: { ...oct, k: 'AAAA' } }, invalid('key.k')],
    [
      'an RSA key without its private part',
      { key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } },
      invalid('key.d'),
    ],
    [
      'an EC key without a curve',
      { key: { kty: 'EC', x: 'AQ', y: 'AQ', d: 'AQ' } },
      invalid('key.crv'),
    ],
    [
      'a point that is not on its curve',
      { key: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ', d: 'AQ' } },
      invalid('key.x'),
    ],
    [
      'a transfer blob',
      { key: { kty: 'RSA-HSM', key_hsm: 'AQ' } },
      bad('Keys in a transfer blob (key_hsm) cannot be imported.'),
    ],
  ])('refuses %s', async (_title, body, expected) => {
    await refuse({ method: 'PUT', path: '/keys/new', body }, expected);
  });

  it('never repeats what it was given', async () => {
    const k = `${'S'.repeat(21)}*`;
    const answer = await bench.ask({
      method: 'PUT',
      path: '/keys/new',
      body: { key: { kty: 'oct', k } },
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain('SSS');
  });
});

describe('release', () => {
  it.each([
    ['no target', {}, required('target')],
    ['an empty target', { target: '' }, invalid('target')],
    ['a target that is an object', { target: {} }, invalid('target')],
    ['an unknown enc', { target: 'a.b.c', enc: 'RSA-OAEP' }, invalid('enc')],
    ['a nonce that is a number', { target: 'a.b.c', nonce: 5 }, invalid('nonce')],
  ])('refuses %s', async (_title, body, expected) => {
    await refuse({ method: 'POST', path: '/keys/k/release', body }, expected);
  });
});

describe('the API version', () => {
  const unknown = (version: string) =>
    bad(
      `The specified version (${version}) is not recognized. Consider using the latest supported version (2025-07-01).`,
    );
  it.each([
    ['missing', '/keys/k?version=1', bad('The query parameter api-version must be specified.')],
    ['empty', '/keys/k?api-version=', bad('The query parameter api-version must be specified.')],
    ['unknown', '/keys/k?api-version=9.9', unknown('9.9')],
    [
      'given twice',
      '/keys/k?api-version=7.4&api-version=7.3',
      bad('the query parameter api-version stands twice'),
    ],
  ])('must not be %s', async (_title, path, expected) => {
    await refuse({ path }, expected);
  });

  it('may have its name percent-encoded', async () => {
    expect(await bench.ask({ path: '/keys/k/?api%2Dversion=2025-07-01' })).toMatchObject({
      status: 200,
    });
  });
});

describe('paths', () => {
  it.each([
    [
      'a name with an underscore',
      'GET',
      '/keys/a_b',
      bad('The request URI contains an invalid name: a_b'),
    ],
    [
      'a name with a slash in it',
      'GET',
      '/keys/a%2Fb',
      bad('The request URI contains an invalid name: a/b'),
    ],
    ['a dotted name', 'DELETE', '/keys/a.b', bad('The request URI contains an invalid name: a.b')],
    [
      'a version that is none',
      'GET',
      '/keys/k/latest',
      bad('The request URI contains an invalid version: latest'),
    ],
    ['a broken escape', 'GET', '/keys/%E0%A4%A', bad('the URL is not well-formed')],
  ] as const)('refuses %s', async (_title, method, path, expected) => {
    await refuse({ method, path }, expected);
  });

  it.each([
    ['maxresults of zero', 'maxresults=0', 'maxresults must be a whole number from 1 to 25'],
    [
      'maxresults beyond the limit',
      'maxresults=26',
      'maxresults must be a whole number from 1 to 25',
    ],
    ['a skip token that is none', '%24skiptoken=**', 'the skip token is not one of ours'],
  ])('refuses %s', async (_title, query, message) => {
    await refuse({ path: `/keys?api-version=7.4&${query}` }, bad(message));
  });

  it.each([
    ['GET', '/nowhere'],
    ['GET', '/'],
    ['POST', '/keys/k/a/b/c'],
  ] as const)('knows no %s %s', async (method, path) => {
    await refuse(
      { method, path },
      { status: 404, body: { error: { code: 'NotFound', message: 'there is no such resource' } } },
    );
  });

  it('says which methods there are', async () => {
    const answer = await bench.ask({ method: 'DELETE', path: '/keys' });
    expect(answer).toMatchObject({ status: 405, body: { error: { code: 'MethodNotAllowed' } } });
    expect(answer.headers['allow']).toBe('GET, HEAD');
  });

  it.each([
    ['GET', '/keys/none', /^A key with \(name\/id\) none was not found/],
    ['PATCH', '/keys/none', /^A key with \(name\/id\) none was not found/],
    ['DELETE', '/keys/none', /^A key with \(name\/id\) none was not found/],
    ['GET', '/deletedkeys/none', /^Deleted Key not found: none$/],
    ['POST', '/deletedkeys/none/recover', /^Deleted Key not found: none$/],
    ['DELETE', '/deletedkeys/none', /^Deleted Key not found: none$/],
  ] as const)('%s %s finds nothing', async (method, path, message) => {
    const body = method === 'PATCH' ? { body: {} } : {};
    expect(await bench.ask({ method, path, ...body })).toMatchObject({
      status: 404,
      body: { error: { code: 'KeyNotFound', message: expect.stringMatching(message) as string } },
    });
  });
});

describe('operations that this vault does not carry out', () => {
  it.each([
    ['POST', `/keys/k/${'0'.repeat(32)}/encrypt`],
    ['POST', '/keys/k/sign'],
    ['POST', '/keys/k/backup'],
    ['POST', '/keys/restore'],
    ['POST', '/keys/k/rotate'],
    ['GET', '/keys/k/rotationpolicy'],
    ['GET', '/keys/k/attestation'],
    ['POST', '/rng'],
    ['GET', '/secrets/s'],
    ['GET', '/certificates'],
  ] as const)('%s %s', async (method, path) => {
    expect(await bench.ask({ method, path })).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'NotSupported',
          message: expect.stringContaining('does not carry out') as string,
        },
      },
    });
  });
});

describe('a JSON body with surprises', () => {
  it('does not mind members that nobody knows', async () => {
    const body = {
      kty: 'oct',
      other: { deep: [1] },
      __proto__: { kty: 'RSA' },
      release_policy: null,
    };
    const path = '/keys/surprise/create';
    expect(await bench.ask({ method: 'POST', path, body })).toMatchObject({
      status: 200,
      body: { key: { kty: 'oct' } },
    });
    await bench.ask({ method: 'DELETE', path: '/keys/surprise' });
  });

  it('is not read as a prototype', async () => {
    const body = `{"kty":"oct-HSM","attributes":{"__proto__":{"exportable":true}},"constructor":1}`;
    const answer = await bench.ask({ method: 'POST', path: '/keys/proto/create', body });
    expect(answer).toMatchObject({ status: 200, body: { attributes: { exportable: false } } });
    await bench.ask({ method: 'DELETE', path: '/keys/proto' });
  });

  it('with a policy is not kept when the policy is refused', async () => {
    const data = encodedPolicy('https://127.0.0.1:1');
    const body = { kty: 'oct-HSM', attributes: { exportable: true }, release_policy: { data } };
    expect(await bench.ask({ method: 'POST', path: '/keys/new/create', body })).toMatchObject({
      status: 400,
    });
  });
});

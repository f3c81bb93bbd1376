import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JsonWebKey } from '@azure/keyvault-keys';
import { openBench } from './bench';
import type { Bench } from './bench';
import {
  anEnvironment,
  encodedPolicy,
  openReleased,
  policyFor,
  privateJwk,
  unwrapReleased,
} from './released';

let bench: Bench;
beforeAll(async () => (bench = await openBench()));
afterAll(() => bench.close());

const releasePolicy = () => ({
  encodedPolicy: Buffer.from(JSON.stringify(policyFor(bench.authority.url))),
});
const token = () => bench.authority.token(anEnvironment().claims);
const hex = (bytes: Uint8Array | undefined) =>
  Buffer.from(bytes ?? [])
    .toString('hex')
    .replace(/^0+/, '');

describe('the official client', () => {
  it('creates an RSA key, releases it, and the environment opens it', async () => {
    const client = bench.client();
    const created = await client.createKey('walk-rsa', 'RSA-HSM', {
      keySize: 2048,
      keyOps: ['wrapKey', 'unwrapKey'],
      exportable: true,
      releasePolicy: releasePolicy(),
    });
    expect(created.properties.exportable).toBe(true);
    expect(Buffer.from(created.properties.releasePolicy?.encodedPolicy ?? []).toString()).toBe(
      JSON.stringify(policyFor(bench.authority.url)),
    );
    const { value } = await client.releaseKey('walk-rsa', token(), { nonce: 'ADE0101' });
    const released = openReleased(value);
    expect(released.request).toEqual({
      'api-version': '2025-07-01',
      enc: 'CKM_RSA_AES_KEY_WRAP',
      kid: `${bench.url()}/keys/walk-rsa`,
      nonce: 'ADE0101',
    });
    expect(released.response.key.key).toMatchObject({
      kid: created.id,
      kty: 'RSA-HSM',
      e: 'AAEAAQ',
      key_ops: ['wrapKey', 'unwrapKey'],
    });
    expect(released.response.key.release_policy).toEqual({
      data: encodedPolicy(bench.authority.url),
    });
    const { n } = privateJwk(unwrapReleased(released, anEnvironment()));
    expect(Buffer.from(n ?? '', 'base64url').toString('hex')).toBe(hex(created.key?.n));
  });

  it('creates an EC key and releases it', async () => {
    const client = bench.client();
    const created = await client.createEcKey('walk-ec', {
      hsm: true,
      curve: 'P-384',
      exportable: true,
      releasePolicy: releasePolicy(),
    });
    const { value } = await client.releaseKey('walk-ec', token(), {
      algorithm: 'RSA_AES_KEY_WRAP_384',
    });
    const released = openReleased(value);
    expect(released.response.key.key).toMatchObject({ kty: 'EC-HSM', crv: 'P-384' });
    const jwk = privateJwk(unwrapReleased(released, anEnvironment()));
    expect(hex(Buffer.from(jwk.x ?? '', 'base64url'))).toBe(hex(created.key?.x));
  });

  it('imports an RSA key and releases the same key', async () => {
    const client = bench.client();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const jwk = privateKey.export({ format: 'jwk' });
    const bytes = Object.fromEntries(
      Object.entries(jwk).map(([name, value]) => [
        name,
        name === 'kty' ? value : Buffer.from(String(value), 'base64url'),
      ]),
    ) as JsonWebKey;
    await client.importKey(
      'walk-import',
      { ...bytes, keyOps: ['encrypt'] },
      {
        hardwareProtected: true,
        exportable: true,
        releasePolicy: releasePolicy(),
      },
    );
    const { value } = await client.releaseKey('walk-import', token(), {
      algorithm: 'RSA_AES_KEY_WRAP_256',
    });
    expect(privateJwk(unwrapReleased(openReleased(value), anEnvironment()))).toEqual(jwk);
  });

  it('imports a symmetric key and releases the same octets, in the version that was asked for', async () => {
    const client = bench.client();
    const importOctets = (k: Uint8Array) =>
      client.importKey(
        'walk-oct',
        { kty: 'oct-HSM', k, keyOps: ['encrypt', 'decrypt'] },
        {
          exportable: true,
          releasePolicy: releasePolicy(),
        },
      );
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const { properties } = await importOctets(first);
    await importOctets(second);
    const newest = openReleased((await client.releaseKey('walk-oct', token())).value);
    expect(Buffer.from(unwrapReleased(newest, anEnvironment()))).toEqual(second);
    const version = properties.version ?? '';
    const older = openReleased((await client.releaseKey('walk-oct', token(), { version })).value);
    expect(Buffer.from(unwrapReleased(older, anEnvironment()))).toEqual(first);
    expect(older.request['kid']).toBe(`${bench.url()}/keys/walk-oct/${version}`);
  });

  it('gets, lists and updates keys', async () => {
    const client = bench.client();
    const first = await client.createEcKey('walk-list', { tags: { a: '1' } });
    const second = await client.createEcKey('walk-list', { enabled: false });
    expect((await client.getKey('walk-list')).properties.version).toBe(second.properties.version);
    const versions = [];
    for await (const properties of client.listPropertiesOfKeyVersions('walk-list'))
      versions.push(properties.version);
    expect(versions.sort()).toEqual([first.properties.version, second.properties.version].sort());
    const expiresOn = new Date('2037-01-01T00:00:00Z');
    const updated = await client.updateKeyProperties('walk-list', {
      enabled: true,
      expiresOn,
      tags: { b: '2' },
    });
    expect(updated.properties).toMatchObject({ enabled: true, expiresOn, tags: { b: '2' } });
    const names = [];
    for await (const { name } of client.listPropertiesOfKeys()) names.push(name);
    expect(names).toContain('walk-list');
  });

  it('walks through more keys than one page holds', async () => {
    const client = bench.client();
    const names = Array.from({ length: 30 }, (_, i) => `page-${String(i).padStart(2, '0')}`);
    for (const name of names) await client.createKey(name, 'oct-HSM');
    const sizes: number[] = [];
    const found: string[] = [];
    for await (const page of client.listPropertiesOfKeys().byPage()) {
      sizes.push(page.length);
      found.push(...page.map(({ name }) => name));
    }
    expect(sizes[0]).toBe(25);
    expect(found.filter((name) => name.startsWith('page-'))).toEqual(names);
  });

  it('deletes, recovers and purges', async () => {
    const client = bench.client();
    const { id } = await client.createEcKey('walk-delete');
    const deletion = await client.beginDeleteKey('walk-delete', { intervalInMs: 1 });
    const deleted = await deletion.pollUntilDone();
    expect(deleted.properties.recoveryId).toBe(`${bench.url()}/deletedkeys/walk-delete`);
    await expect(client.getKey('walk-delete')).rejects.toMatchObject({
      statusCode: 404,
      code: 'KeyNotFound',
    });
    await expect(client.createEcKey('walk-delete')).rejects.toMatchObject({
      statusCode: 409,
      code: 'Conflict',
    });
    const names = [];
    for await (const { name } of client.listDeletedKeys()) names.push(name);
    expect(names).toEqual(['walk-delete']);
    const recovery = await client.beginRecoverDeletedKey('walk-delete', { intervalInMs: 1 });
    expect((await recovery.pollUntilDone()).id).toBe(id);
    await (await client.beginDeleteKey('walk-delete', { intervalInMs: 1 })).pollUntilDone();
    await client.purgeDeletedKey('walk-delete');
    await expect(client.getDeletedKey('walk-delete')).rejects.toMatchObject({
      statusCode: 404,
      code: 'KeyNotFound',
    });
    await expect(client.createEcKey('walk-delete')).resolves.toBeDefined();
  });

  it('finds its keys, and the same signer, after a restart', async () => {
    const created = await bench.client().createEcKey('walk-restart', {
      hsm: true,
      exportable: true,
      releasePolicy: releasePolicy(),
    });
    const before = (await bench.client().releaseKey('walk-restart', token())).value;
    await bench.restart();
    expect((await bench.client().getKey('walk-restart')).properties.version).toBe(
      created.properties.version,
    );
    const after = (await bench.client().releaseKey('walk-restart', token())).value;
    expect(after.split('.')[0]).toBe(before.split('.')[0]);
    const [one, other] = [before, after].map((jws) =>
      unwrapReleased(openReleased(jws), anEnvironment()),
    );
    expect(one).toEqual(other);
  });
});

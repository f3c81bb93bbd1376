import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLocalCa } from './local-ca';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'touchstone-tls-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const names = {
  service: 'identity',
  dnsNames: ['login.microsoftonline.com', '*.attest.azure.net'],
};
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('openLocalCa', () => {
  it('makes the CA once and reads it again', async () => {
    const first = await openLocalCa(home);
    const second = await openLocalCa(home);
    expect(second.pem).toBe(first.pem);
    expect(await readFile(first.file, 'utf8')).toBe(first.pem);
  });

  it('keeps keys to the owner and shows the certificate to all', async () => {
    const ca = await openLocalCa(home);
    await ca.certificateFor(names);
    expect(await modeOf(path.join(home, 'tls', 'ca.key'))).toBe(0o600);
    expect(await modeOf(path.join(home, 'tls', 'identity.pem'))).toBe(0o600);
    expect(await modeOf(ca.file)).toBe(0o644);
  });

  it('gives all who start at once the same CA', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => openLocalCa(home)));
    expect(new Set(all.map((ca) => ca.pem)).size).toBe(1);
  });

  it('never puts a private key beside the certificate it publishes', async () => {
    const ca = await openLocalCa(home);
    expect(ca.pem).not.toContain('PRIVATE KEY');
  });

  it('refuses a file that holds no CA', async () => {
    const { file } = await openLocalCa(home);
    await writeFile(path.join(path.dirname(file), 'ca.key'), 'nothing');
    await expect(openLocalCa(home)).rejects.toMatchObject({ code: 'TLS_CA_UNUSABLE' });
  });
});

describe('certificateFor', () => {
  it('issues a server certificate under the CA for all names', async () => {
    const ca = await openLocalCa(home);
    const { cert } = await ca.certificateFor(names);
    const leaf = new X509Certificate(cert);
    expect(leaf.verify(new X509Certificate(ca.pem).publicKey)).toBe(true);
    for (const host of [
      'localhost',
      'identity',
      'login.microsoftonline.com',
      'shared.attest.azure.net',
    ]) {
      expect(leaf.checkHost(host)).toBeDefined();
    }
    for (const ip of ['127.0.0.1', '::1']) expect(leaf.checkIP(ip)).toBe(ip);
  });

  it('reuses a certificate that fits', async () => {
    const first = await (await openLocalCa(home)).certificateFor(names);
    const second = await (await openLocalCa(home)).certificateFor(names);
    expect(second.key).toBe(first.key);
  });

  it('issues anew when a name is missing', async () => {
    const ca = await openLocalCa(home);
    const first = await ca.certificateFor(names);
    const second = await ca.certificateFor({ ...names, ips: ['10.0.0.7'] });
    expect(second.key).not.toBe(first.key);
    expect(new X509Certificate(second.cert).checkIP('10.0.0.7')).toBe('10.0.0.7');
  });

  it('issues anew when the CA is another', async () => {
    const first = await (await openLocalCa(home)).certificateFor(names);
    await rm(path.join(home, 'tls', 'ca.key'));
    const ca = await openLocalCa(home);
    const second = await ca.certificateFor(names);
    expect(second.key).not.toBe(first.key);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(ca.pem).publicKey)).toBe(
      true,
    );
  });

  it('issues anew near expiry', async () => {
    const ca = await openLocalCa(home);
    const first = await ca.certificateFor(names);
    jest.useFakeTimers({
      now: Date.now() + 340 * 86_400_000,
      doNotFake: ['nextTick', 'setImmediate'],
    });
    try {
      expect((await ca.certificateFor(names)).key).not.toBe(first.key);
    } finally {
      jest.useRealTimers();
    }
  });
});

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hasCode } from '@touchstone/errors';
import { MAX_PKCS12_BYTES, parsePkcs12 } from './pkcs12';

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(__dirname, '__fixtures__/pkcs12', name)));

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return hasCode(error) ? error.code : String(error);
  }
}

describe('parsePkcs12', () => {
  it('gives the key and its chain, leaf first, byte for byte', () => {
    const { privateKeyPkcs8, certificates } = parsePkcs12(file('rsa.p12'), 'secret');
    expect(certificates.map(({ der }) => der)).toEqual([file('leaf.der'), file('root.der')]);
    const key = createPrivateKey({
      key: Buffer.from(privateKeyPkcs8),
      format: 'der',
      type: 'pkcs8',
    });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it.each([
    ['of the old ciphers', 'legacy.p12', 'secret', 'CN=Policy Signer'],
    ['without a password', 'empty.p12', '', 'CN=Policy Signer'],
    ['of an elliptic key', 'ec.p12', 'secret', 'CN=EC Signer'],
  ])('reads a file %s', (_name, name, password, subject) => {
    const [leaf] = parsePkcs12(file(name), password).certificates;
    expect(leaf?.subject.text).toBe(subject);
  });

  it.each([
    ['a wrong password', file('rsa.p12'), 'Secret', 'PKI_PKCS12_PASSWORD'],
    ['no password where there is one', file('rsa.p12'), '', 'PKI_PKCS12_PASSWORD'],
    ['a file without a key', file('nokey.p12'), 'secret', 'PKI_PKCS12_MALFORMED'],
    ['a file without a certificate', file('nocert.p12'), 'secret', 'PKI_PKCS12_MALFORMED'],
    ['a certificate', file('leaf.der'), '', 'PKI_PKCS12_MALFORMED'],
    ['a file that is cut off', file('ec.p12').subarray(0, 700), 'secret', 'PKI_PKCS12_MALFORMED'],
    ['nothing', new Uint8Array(0), '', 'PKI_PKCS12_MALFORMED'],
    ['too much', new Uint8Array(MAX_PKCS12_BYTES + 1), '', 'PKI_LIMIT_EXCEEDED'],
  ])('refuses %s', (_name, bytes, password, code) => {
    expect(codeOf(() => parsePkcs12(bytes, password))).toBe(code);
  });

  it('answers a file with a byte changed with its content or a code', () => {
    const bytes = file('ec.p12');
    for (let at = 0; at < bytes.length; at += 31) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x41;
      expect(codeOf(() => parsePkcs12(changed, 'secret')) ?? 'PKI_').toMatch(/^PKI_/);
    }
  });
});

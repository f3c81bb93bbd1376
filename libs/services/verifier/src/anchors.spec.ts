import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { p256PublicKey } from '@touchstone/pki';
import { INTEL_SGX_ROOT } from '@touchstone/verification';
import { INTEL_ANCHORS, parseAnchors } from './anchors';
import { aWorld } from './__fixtures__/world';

const { anchors, rootPem, caPem, signerPem } = aWorld();
const publicKey = anchors.quote[0]?.publicKey ?? new Uint8Array();
const ours = { quote: [{ name: 'ours.pem', publicKey }], report: [] };

describe('parseAnchors', () => {
  it.each([
    ['a PEM certificate', fromUtf8(rootPem)],
    ['only the root of a chain', fromUtf8(signerPem + caPem + rootPem)],
    [
      'a PEM public key',
      fromUtf8(p256PublicKey(publicKey).export({ type: 'spki', format: 'pem' }).toString()),
    ],
    ['a point', publicKey],
    ['a point in hex', fromUtf8(toHex(publicKey))],
  ])('reads %s', (_name, file) => {
    expect(parseAnchors(file, 'ours.pem')).toEqual(ours);
  });

  it('knows the key of Intel by its name', () => {
    expect(parseAnchors(INTEL_SGX_ROOT.publicKey, 'x').quote).toEqual(INTEL_ANCHORS.quote);
  });

  it('believes an RSA key about reports only', () => {
    const { publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = key.export({ type: 'spki', format: 'pem' });
    const spki = new Uint8Array(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
    expect(parseAnchors(fromUtf8(pem.toString()), 'ca')).toEqual({
      quote: [],
      report: [{ name: 'ca', publicKey: spki }],
    });
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a point that is none', `04${'ff'.repeat(64)}`],
    ['a key that is none', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseAnchors(fromUtf8(text), 'x')).toThrow(
      expect.objectContaining({ code: 'ANCHOR_UNUSABLE' }),
    );
  });
});

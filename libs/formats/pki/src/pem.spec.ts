import { fromUtf8, toBase64, toHex } from '@touchstone/bytes';
import { aLeaf, aRoot, failureOf } from './__fixtures__/issued';
import { MAX_CHAIN_CERTIFICATES, parsePemChain, toPem } from './pem';

const chain = toPem(aLeaf()) + toPem(aRoot());

describe('toPem', () => {
  it('writes lines of 64 characters, LF and a last LF', () => {
    const lines = toPem(aLeaf()).split('\n');
    expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----');
    expect(lines.slice(1, -3).every((line) => line.length === 64)).toBe(true);
    expect(lines.slice(-2)).toEqual(['-----END CERTIFICATE-----', '']);
  });
});

describe('parsePemChain', () => {
  it.each([
    ['as it was written', chain],
    ['with CRLF', chain.replaceAll('\n', '\r\n')],
    ['with a NUL at the end', `${chain}\0`],
    ['with white space around', `\n\n${chain.replace('-----\n-----', '-----\n\n-----')}\n`],
    ['without a last line end', chain.trimEnd()],
    ['as bytes', fromUtf8(chain)],
  ])('reads a chain %s', (_name, text) => {
    expect(parsePemChain(text).map(({ der }) => toHex(der))).toEqual([
      toHex(aLeaf()),
      toHex(aRoot()),
    ]);
  });

  it.each([
    ['no certificate', '\n'],
    ['text before a block', `subject=CN\n${chain}`],
    ['text between blocks', chain.replace('-----\n-----', '-----\nx\n-----')],
    ['text behind a NUL', `${chain}\0x`],
    ['a block without its end', chain.slice(0, -10)],
    ['another label', toPem(aLeaf(), 'X509 CRL')],
    ['a block that is not base64', chain.replace('MII', 'M*I')],
    [
      'base64 of the other alphabet',
      '-----BEGIN CERTIFICATE-----\n-_8=\n-----END CERTIFICATE-----\n',
    ],
    ['base64 with stray bits', '-----BEGIN CERTIFICATE-----\nAB==\n-----END CERTIFICATE-----\n'],
    ['base64 without padding', '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe)],
  ])('refuses %s', (_name, text) => {
    expect(failureOf(() => parsePemChain(text))).toBe('PKI_PEM_MALFORMED');
  });

  it('refuses a block that holds no certificate', () => {
    expect(failureOf(() => parsePemChain(toPem(Uint8Array.of(0x30, 0))))).toBe(
      'PKI_CERTIFICATE_MALFORMED',
    );
  });

  it('hands each block to a reader without its white space', () => {
    const seen: string[] = [];
    const read = parsePemChain(chain.replaceAll('\n', ' \r\n'), 2, (digits, parse) => {
      seen.push(digits);
      return parse(digits);
    });
    expect(seen).toEqual([aLeaf(), aRoot()].map(toBase64));
    expect(read.map(({ der }) => toHex(der))).toEqual([toHex(aLeaf()), toHex(aRoot())]);
  });

  it('refuses more certificates than are allowed', () => {
    const long = toPem(aRoot()).repeat(MAX_CHAIN_CERTIFICATES + 1);
    expect(failureOf(() => parsePemChain(long))).toBe('PKI_LIMIT_EXCEEDED');
    expect(failureOf(() => parsePemChain(chain, 1))).toBe('PKI_LIMIT_EXCEEDED');
  });
});

import fc from 'fast-check';
import { fromHex, toHex } from '@touchstone/bytes';
import {
  type Certificate,
  derElement,
  derInteger,
  derOctets,
  derOid,
  derSequence,
  ecSignerFromScalar,
  issueCertificate,
  parseCertificate,
} from '@touchstone/pki';
import { failureOf, platformExtension, processorExtension } from './__fixtures__/documents';
import { encodePckExtension } from './encode-pck-extension';
import { SGX_EXTENSION_OID, parsePckExtension } from './pck-extension';

const signer = ecSignerFromScalar(new Uint8Array(32).fill(1));
const name = [{ type: 'CN', value: 'Intel SGX PCK Certificate' }] as const;

/** A certificate with these octets in its SGX extension, or without one. */
const withExtension = (value?: Uint8Array): Certificate =>
  parseCertificate(
    issueCertificate(
      {
        subject: name,
        issuer: name,
        serial: Uint8Array.of(1),
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: new Date('2033-01-01T00:00:00Z'),
        publicKeyBytes: signer.publicKeyBytes,
        isCa: false,
        keyUsage: ['digitalSignature'],
        extra: value ? [{ oid: SGX_EXTENSION_OID, critical: false, value }] : [],
      },
      signer,
    ),
  );

const read = (value: Uint8Array) => parsePckExtension(withExtension(value));

const pair = (suffix: string, value: Uint8Array): Uint8Array =>
  derSequence(derOid(`${SGX_EXTENSION_OID}.${suffix}`), value);

const tcbPairs = (): Uint8Array[] => [
  ...Array.from({ length: 17 }, (_, index) => pair(`2.${index + 1}`, derInteger(index))),
  pair('2.18', derOctets(new Uint8Array(16))),
];

const members = (): Uint8Array[] => [
  pair('1', derOctets(new Uint8Array(16))),
  pair('2', derSequence(...tcbPairs())),
  pair('3', derOctets(new Uint8Array(2))),
  pair('4', derOctets(new Uint8Array(6))),
  pair('5', derInteger(0, 0x0a)),
];

const configuration = (...arcs: number[]): Uint8Array =>
  pair(
    '7',
    derSequence(...arcs.map((arc) => pair(`7.${arc}`, derElement(0x01, Uint8Array.of(0))))),
  );

const instanceId = pair('6', derOctets(new Uint8Array(16)));

const replaced = (list: Uint8Array[], index: number, ...by: Uint8Array[]): Uint8Array => {
  list.splice(index, 1, ...by);
  return derSequence(...list);
};

describe('parsePckExtension', () => {
  it.each([
    ['Processor', processorExtension],
    ['Platform', platformExtension],
  ])('reads the extension of a %s CA certificate as it was written', (_name, extension) => {
    expect(read(encodePckExtension(extension))).toEqual(extension);
  });

  it('writes 255 and 128 with a leading zero and the type as ENUMERATED', () => {
    const hex = toHex(encodePckExtension(processorExtension));
    expect(hex).toContain('020200ff');
    expect(hex).toContain('02020080');
    expect(hex).toContain('0a0100');
  });

  it('does not depend on the order of the pairs', () => {
    expect(read(derSequence(...members().reverse()))).toEqual(read(derSequence(...members())));
  });

  it('says so when there is no extension', () => {
    expect(failureOf(() => parsePckExtension(withExtension()))).toBe('PCK_EXTENSION_MISSING');
  });

  it.each([
    ['4 pairs', derSequence(...members().slice(1))],
    ['6 pairs', derSequence(...members(), instanceId)],
    [
      '8 pairs',
      derSequence(...members(), instanceId, configuration(1, 2, 3), pair('8', derInteger(0))),
    ],
    [
      '7 pairs that are the wrong ones',
      derSequence(...members(), instanceId, pair('8', derInteger(0))),
    ],
    ['a pair that appears twice', replaced(members(), 4, ...members().slice(0, 1))],
    [
      'an identifier of another arc',
      replaced(members(), 4, derSequence(derOid('1.2.840.113741.1.14.5'), derInteger(0))),
    ],
    ['an identifier too deep', replaced(members(), 4, pair('5.1', derInteger(0, 0x0a)))],
    [
      'a pair of three',
      replaced(
        members(),
        4,
        derSequence(derOid(`${SGX_EXTENSION_OID}.5`), derInteger(0, 0x0a), derInteger(0)),
      ),
    ],
    ['a PPID of 15 bytes', replaced(members(), 0, pair('1', derOctets(new Uint8Array(15))))],
    ['a PCEID of 3 bytes', replaced(members(), 2, pair('3', derOctets(new Uint8Array(3))))],
    ['an FMSPC of 5 bytes', replaced(members(), 3, pair('4', derOctets(new Uint8Array(5))))],
    ['an SGX type of 3', replaced(members(), 4, pair('5', derInteger(3, 0x0a)))],
    ['an SGX type that is an INTEGER', replaced(members(), 4, pair('5', derInteger(0)))],
    ['17 TCB pairs', replaced(members(), 1, pair('2', derSequence(...tcbPairs().slice(1))))],
    [
      '19 TCB pairs',
      replaced(members(), 1, pair('2', derSequence(...tcbPairs(), pair('2.19', derInteger(0))))),
    ],
    [
      'a TCB component twice',
      replaced(members(), 1, pair('2', replaced(tcbPairs(), 0, pair('2.2', derInteger(0))))),
    ],
    [
      'a TCB component of 256',
      replaced(members(), 1, pair('2', replaced(tcbPairs(), 0, pair('2.1', derInteger(256))))),
    ],
    [
      'a negative TCB component',
      replaced(members(), 1, pair('2', replaced(tcbPairs(), 0, pair('2.1', fromHex('0201ff'))))),
    ],
    [
      'a PCE SVN of 65536',
      replaced(members(), 1, pair('2', replaced(tcbPairs(), 16, pair('2.17', derInteger(65536))))),
    ],
    ['a configuration of two', derSequence(...members(), instanceId, configuration(1, 2))],
    ['a configuration of four', derSequence(...members(), instanceId, configuration(1, 2, 3, 4))],
    [
      'a BOOLEAN of 01',
      derSequence(...members(), instanceId, pair('7', derSequence(pair('7.1', fromHex('010101'))))),
    ],
    ['a length that is not minimal', fromHex('308100')],
    ['data behind', fromHex('30000500')],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_name, value) => {
    expect(failureOf(() => read(value))).toBe('PCK_EXTENSION_MALFORMED');
  });

  it('answers any damage with a code', () => {
    const certificate = withExtension(encodePckExtension(platformExtension));
    const value = encodePckExtension(platformExtension);
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = value.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        const extensions = new Map([[SGX_EXTENSION_OID, { critical: false, value: changed }]]);
        const damaged = Object.assign(Object.create(certificate), { extensions });
        expect([undefined, 'PCK_EXTENSION_MALFORMED']).toContain(
          failureOf(() => parsePckExtension(damaged)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

import { concat, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from '@touchstone/bytes';
import { OeEvidenceFormat, encodeOeEndorsements, encodeOeEvidence } from '@touchstone/quote';
import { toPem } from '@touchstone/pki';
import { aWorld, filled, intelStructure } from './__fixtures__/world';
import { MAX_COLLATERAL_BYTES, recogniseCollateral } from './recognise-collateral';

const { collateral, rootPem, signerPem, caPem } = aWorld();
const structure = intelStructure(collateral);

const json = (value: unknown): Uint8Array => fromUtf8(JSON.stringify(value));

/** What was found, as words: `tcb-info` and its likes, `crl <role>`, `!` for the malformed. */
const seen = (file: Uint8Array): string[] =>
  recogniseCollateral(file).map((piece) => {
    switch (piece.kind) {
      case 'tcb-info':
      case 'enclave-identity':
        return piece.content === undefined ? `${piece.kind} !` : piece.kind;
      case 'crl':
        return `crl ${piece.role ?? ''}${piece.crl === undefined ? ' !' : ''}`.trim();
      default:
        return piece.kind;
    }
  });

const documents = (file: Uint8Array): string[] =>
  seen(file).filter((name) => name !== 'certificate');

describe('recogniseCollateral', () => {
  const { pckCrl, rootCaCrl, tcbInfo, qeIdentity } = collateral;

  it.each([
    ['a PCS answer with TCB info', tcbInfo, ['tcb-info']],
    ['a PCS answer with an identity', qeIdentity, ['enclave-identity']],
    [
      'a PCS answer with a byte-order mark and a line end',
      concat(Uint8Array.of(0xef, 0xbb, 0xbf), tcbInfo, fromUtf8('\r\n')),
      ['tcb-info'],
    ],
    ['a DER CRL', pckCrl, ['crl']],
    ['a DER CRL with a NUL', concat(pckCrl, filled(1, 0)), ['crl']],
    ['a PEM CRL', fromUtf8(toPem(pckCrl, 'X509 CRL')), ['crl']],
    ['a hex CRL', fromUtf8(`${toHex(pckCrl).toUpperCase()}\n`), ['crl']],
    ['a base64 CRL', fromUtf8(toBase64(pckCrl)), ['crl']],
    ['a PEM chain', fromUtf8(caPem + rootPem), ['certificate', 'certificate']],
    [
      'a PEM chain as a header has it',
      fromUtf8(encodeURIComponent(caPem + rootPem)),
      ['certificate', 'certificate'],
    ],
    [
      'PEM with text between',
      fromUtf8(`root:\n${rootPem}\nand\n${toPem(rootCaCrl, 'X509 CRL')}`),
      ['certificate', 'crl'],
    ],
    ['PEM behind a comment', fromUtf8(`# ours\n${rootPem}`), ['certificate']],
    ['a DER certificate', fromBase64Pem(rootPem), ['certificate']],
    ['the signature of a report', filled(256, 7), ['avr-signature']],
    ['the signature of a report in base64', fromUtf8(toBase64(filled(256, 7))), ['avr-signature']],
    ['plain text', fromUtf8('hello'), []],
    ['other JSON', json({ a: [1, { b: 'c' }] }), []],
    ['nothing', new Uint8Array(), []],
    ['noise', filled(77, 0x9c), []],
  ])('sees in %s', (_name, file, expected) => {
    expect(seen(file)).toEqual(expected);
  });

  const all = ['tcb-info', 'enclave-identity', 'crl pck-crl', 'crl root-ca-crl'];

  it.each([
    ['with signatures beside the documents', structure],
    [
      'with the signatures inside',
      {
        ...structure,
        tcb_info: toUtf8(tcbInfo),
        qe_identity: toUtf8(qeIdentity),
        tcb_info_signature: undefined,
        qe_identity_signature: undefined,
      },
    ],
    [
      'with documents as objects',
      {
        ...structure,
        tcb_info: JSON.parse(toUtf8(tcbInfo)) as unknown,
        qe_identity: JSON.parse(structure['qe_identity'] ?? '') as unknown,
      },
    ],
    [
      'with CRLs as PEM',
      {
        ...structure,
        pck_crl: toPem(pckCrl, 'X509 CRL'),
        root_ca_crl: toPem(rootCaCrl, 'X509 CRL'),
      },
    ],
    [
      'with CRLs as base64',
      { ...structure, pck_crl: toBase64(pckCrl), root_ca_crl: toBase64(rootCaCrl) },
    ],
    [
      'with octets as numbers',
      {
        ...structure,
        pck_crl: [...pckCrl],
        root_ca_crl: [...rootCaCrl],
        tcb_info_signature: [...fromHex(structure['tcb_info_signature'] ?? '')],
      },
    ],
    ['inside something else', { version: 3, quote: 'AwAC', collateral: structure }],
    [
      'in camel case',
      {
        tcbInfo: structure['tcb_info'],
        tcbInfoSignature: structure['tcb_info_signature'],
        qeIdentity: toUtf8(qeIdentity),
        pckCrl: structure['pck_crl'],
        rootCaCrl: structure['root_ca_crl'],
      },
    ],
    [
      'with NULs of C strings',
      {
        ...structure,
        tcb_info: `${structure['tcb_info'] ?? ''}\0`,
        qe_identity: `${structure['qe_identity'] ?? ''}\0`,
      },
    ],
  ])("takes Intel's structure apart %s", (_name, value) => {
    expect([...documents(json(value))].sort()).toEqual([...all].sort());
    // White space that a person's tool put in changes nothing.
    expect(documents(fromUtf8(JSON.stringify(value, null, 2)))).toHaveLength(all.length);
  });

  it('keeps chains with their documents', () => {
    const info = recogniseCollateral(json(structure)).find(({ kind }) => kind === 'tcb-info');
    expect(info).toMatchObject({ issuerChain: signerPem + rootPem });
  });

  it('reads answers that were recorded with their header', () => {
    const file = json({ tcb_info_json: toUtf8(tcbInfo), issuer_chain: signerPem + rootPem });
    const [info] = recogniseCollateral(file).filter(({ kind }) => kind === 'tcb-info');
    expect(info).toMatchObject({ body: tcbInfo, issuerChain: signerPem + rootPem });
    expect(documents(json({ crl_data: toPem(pckCrl, 'X509 CRL'), issuer_chain: caPem }))).toEqual([
      'crl',
    ]);
  });

  it('keeps the bytes of a PCS answer', () => {
    const [piece] = recogniseCollateral(tcbInfo);
    expect(piece).toMatchObject({ body: tcbInfo });
  });

  it.each([
    ['bare', (bytes: Uint8Array) => bytes],
    [
      'behind the header of evidence',
      (data: Uint8Array) => encodeOeEvidence({ format: OeEvidenceFormat.SGX_ECDSA, data }),
    ],
    ['behind a comment', (bytes: Uint8Array) => concat(fromUtf8('# a\n# b\n'), bytes)],
  ])('opens Open Enclave endorsements %s', (_name, wrap) => {
    const endorsements = encodeOeEndorsements({
      ...collateral,
      version: 3,
      creationTime: '2026-03-01T00:00:00Z',
    });
    expect(documents(wrap(endorsements))).toEqual(all);
  });

  it.each([
    ['TCB info', { tcbInfo: { version: 3 }, signature: 'ab' }, ['tcb-info !']],
    ['an identity', { enclaveIdentity: {}, signature: '' }, ['enclave-identity !']],
    ['a CRL that is called one', { pck_crl: '3000' }, ['crl pck-crl !']],
    ['TCB info without a signature', { tcb_info: structure['tcb_info'] }, ['tcb-info !']],
  ])('recognises %s even when it is malformed', (_name, value, expected) => {
    expect(documents(json(value))).toEqual(expected);
  });

  it('refuses more bytes than its limit', () => {
    expect(() => recogniseCollateral(new Uint8Array(MAX_COLLATERAL_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'COLLATERAL_TOO_LARGE' }),
    );
  });
});

function fromBase64Pem(pem: string): Uint8Array {
  return new Uint8Array(Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64'));
}

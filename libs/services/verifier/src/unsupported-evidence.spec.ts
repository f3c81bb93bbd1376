import { concat, fromUtf8 } from '@touchstone/bytes';
import { OeEvidenceFormat, encodeOeEvidence } from '@touchstone/quote';
import { filled } from './__fixtures__/world';
import { recogniseEvidence } from './recognise-evidence';

describe('evidence that is known by its looks only', () => {
  it.each([
    ['an AMD SEV-SNP report', concat(Uint8Array.of(2, 0, 0, 0), filled(1180, 0))],
    ['an Azure HCL report', concat(fromUtf8('HCLA'), filled(2000, 0))],
    ['an EPID quote', concat(Uint8Array.of(2, 0, 0, 0), filled(1000, 7))],
    ['a local report', filled(432, 9)],
    ['a local TD report', concat(Uint8Array.of(0x81), filled(1023, 0))],
    ['a token', fromUtf8('eyJhbGciOiJub25lIn0.eyJpYXQiOjF9.')],
    [
      'evidence of another format',
      encodeOeEvidence({ format: OeEvidenceFormat.SGX_LOCAL, data: filled(8, 0) }),
    ],
  ])('is named: %s', (_name, bytes) => {
    expect(() => recogniseEvidence(bytes)).toThrow(
      expect.objectContaining({ code: 'EVIDENCE_UNSUPPORTED' }),
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', fromUtf8('hello world')],
    ['noise', filled(333, 0xcc)],
  ])('and the rest is not: %s', (_name, bytes) => {
    expect(() => recogniseEvidence(bytes)).toThrow(
      expect.objectContaining({ code: 'EVIDENCE_UNRECOGNISED' }),
    );
  });
});

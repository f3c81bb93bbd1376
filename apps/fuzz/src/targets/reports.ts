import { equal } from '@touchstone/bytes';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { looksLikeAvr, openEnvelope, parseAvr, verifyAvr } from '@touchstone/ias';
import { mutateDer } from '../der-mutations';
import { mutateJson } from '../json-mutations';
import {
  attestationReport,
  reportEnvelopes,
  reportSigner,
  reportSigningCa,
  signReport,
} from '../rsa-seeds';
import { type FuzzTarget, orRefusal, promise } from '../target';

const words = [
  'GROUP_REVOKED',
  'SIGNATURE_INVALID',
  '"version":5,',
  '"epidPseudonym":""',
  '"revocationReason":1,',
  '|',
  'AgAAAA==',
  '2026-02-30T00:00:00',
];
const tokens = words.map(fromUtf8);
const AT = new Date('2026-03-01T00:00:00Z');

/** Attestation verification reports of Intel's former service, and what they travel in. */
export function reportTargets(): readonly FuzzTarget[] {
  const reports = [
    attestationReport(),
    attestationReport({
      version: 3,
      isvEnclaveQuoteStatus: 'OK',
      nonce: 'n',
      platformInfoBlob: undefined,
    }),
  ];
  const genuine = new Set(reports.map(toHex));
  const signature = signReport(reports[0] ?? new Uint8Array());
  const anchors = [{ name: 'fuzz', publicKey: reportSigningCa().spki }];
  const certificates = [reportSigner()];

  function verdict(report: Uint8Array, proof: Parameters<typeof verifyAvr>[1]): string {
    const avr = orRefusal(() => parseAvr(report));
    if (avr === undefined) return 'not a report';
    const verified = orRefusal(() => verifyAvr(avr, proof, { anchors, at: AT }));
    promise('only genuine reports verify', verified === undefined || genuine.has(toHex(report)));
    return verified === undefined ? 'refused' : 'believed';
  }

  return [
    {
      name: 'avr',
      seeds: reports,
      tokens,
      shape: mutateJson,
      run(input) {
        const looks = looksLikeAvr(input);
        const avr = parseAvr(input);
        promise('what parses is recognised', looks && equal(avr.bytes, input));
        return `${avr.status} ${verdict(input, { signature, certificates })}`;
      },
    },
    {
      name: 'avr-envelope',
      seeds: reportEnvelopes(),
      tokens,
      shape: (bytes, material) =>
        bytes[0] === 0x30 ? mutateDer(bytes, material) : mutateJson(bytes, material),
      run(input) {
        const envelope = openEnvelope(input);
        if (envelope === undefined) return 'no envelope';
        return `${envelope.certificates.length > 1} ${verdict(envelope.report, envelope)}`;
      },
    },
  ];
}

import { manifest } from './manifest';
import { QUOTE_KINDS } from './quote-items';

const JUDGED: ReadonlySet<string> = new Set([
  ...QUOTE_KINDS,
  'tcb-info',
  'enclave-identity',
  'pck-crl',
  'root-ca-crl',
  'root-certificate',
  'ca-certificate',
  'intel-pcs-responses',
  'pck-certificates',
  'ias-avr',
  'maa-signing-certificate',
]);

/** Kinds of evidence that no verifier of ours judges by now. A kind that is in neither list fails. */
const NOT_YET_JUDGED: ReadonlySet<string> = new Set([
  'snp-report+certs',
  'azure-cvm-vtpm',
  'maa-token+jwks',
  'maa-token',
  'maa-claims',
  'ccel-eventlog',
  'tcg-eventlog',
  'tpm-quote+eventlog',
]);

describe('every item of the manifest', () => {
  it('is judged, or named as not yet judged', () => {
    const left = manifest.filter(({ kind }) => !JUDGED.has(kind));
    const lines = left.map(({ id, kind }) => `not yet judged: ${id} (${kind})`);
    process.stdout.write(
      `${lines.join('\n')}\n${left.length} of ${manifest.length} items are not yet judged\n`,
    );
    expect(left.filter(({ kind }) => !NOT_YET_JUDGED.has(kind)).map(({ id }) => id)).toEqual([]);
  });
});

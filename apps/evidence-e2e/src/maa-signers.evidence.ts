import {
  quoteExtensions,
  readQuoteExtension,
  type QuoteExtensionForm,
} from '@touchstone/attested-key';
import { fromBase64Lenient, toHex } from '@touchstone/bytes';
import { parseCertificate, rsaSelfSignedBody, type SelfSignedLayout } from '@touchstone/pki';
import {
  INTEL_ANCHORS,
  judgeSigner,
  parseWithout,
  type SignerRequest,
} from '@touchstone/service-verifier';
import { itemsOf, readEvidence } from './manifest';
import { recordings, replay } from './recordings';

/** Their collateral is not kept anywhere: signatures, chain, binding and enclave are judged. */
const judged = (certificate: Uint8Array, at: Date, more: Partial<SignerRequest> = {}) =>
  judgeSigner({
    certificate,
    at,
    collateral: [],
    anchors: INTEL_ANCHORS,
    without: parseWithout('collateral'),
    ...more,
  });

/** What we make in the same name, for the same key and quote, up to the signature. */
function madeByUs(der: Uint8Array, layout: SelfSignedLayout, form: QuoteExtensionForm): string {
  const { subject, spki, notBefore, notAfter, extensions } = parseCertificate(der);
  const evidence = readQuoteExtension({ extensions });
  const body = rsaSelfSignedBody({
    commonName: subject.commonName ?? '',
    publicKeySpki: spki,
    serial: Uint8Array.of(1),
    notBefore,
    notAfter,
    layout,
    extensions: evidence ? quoteExtensions(evidence.quote, form) : [],
  });
  return toHex(body.tbs);
}

describe.each(itemsOf('maa-signing-certificate'))('$id', ({ files: [file = ''], now, facts }) => {
  const certificate = readEvidence(file);

  it('carries a genuine quote over its key, of the enclave that it was', async () => {
    const { document, checks } = await judged(certificate, new Date(now ?? ''));
    const passed = checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    expect(passed).toEqual(
      expect.arrayContaining([
        'signer-certificate-signature',
        'quote-signature',
        'signer-key-binding',
      ]),
    );
    expect(document.facts).toMatchObject({ mrEnclave: facts?.['mrenclave'] });
    // Azure Attestation ran as a debug enclave then.
    expect(facts?.['debug']).toBe(true);
    expect(document).toMatchObject({ verdict: 'rejected', code: 'SIGNER_DEBUG', anchor: 'intel' });
  });

  it('has the bytes of our layout of 2020', () => {
    expect(toHex(parseCertificate(certificate).tbs)).toBe(madeByUs(certificate, '2020', 'quote'));
  });
});

interface RecordedSigner {
  readonly certificate: Uint8Array;
  readonly at: Date;
}

/** Keys that are certified by themselves; those of Microsoft's authority were not born in enclaves. */
function recordedSigners(): readonly RecordedSigner[] {
  const found = recordings.flatMap(({ exchanges }) =>
    exchanges
      .filter(({ request, response }) => request.path === '/certs' && response.status === 200)
      .flatMap(({ response }) => {
        const { keys } = JSON.parse(response.body) as { keys: { x5c: string[] }[] };
        return keys
          .filter(({ x5c }) => x5c.length === 1)
          .map(({ x5c: [leaf = ''] }) => ({
            certificate: fromBase64Lenient(leaf),
            at: new Date(response.headers['date'] ?? ''),
          }));
      }),
  );
  return [...new Map(found.map((signer) => [toHex(signer.certificate), signer])).values()];
}

const carries = (der: Uint8Array, oid: string): boolean =>
  parseCertificate(der).extensions.has(oid);

replay('recorded signing certificates', () => {
  const signers = recordedSigners();
  const current = signers.filter(({ certificate }) =>
    carries(certificate, '1.3.6.1.4.1.311.105.1'),
  );

  it('are there', () => {
    expect(current.length).toBeGreaterThan(0);
  });

  it('carry genuine quotes over their keys', async () => {
    for (const { certificate, at } of signers) {
      const issuer = parseCertificate(certificate).subject.commonName;
      const { document, checks } = await judged(certificate, at, { issuer, allowDebug: true });
      expect(document).toMatchObject({ verdict: 'genuine', anchor: 'intel' });
      expect(checks.map(({ name }) => name)).toContain('signer-key-binding');
    }
  });

  it('have the bytes of our layout of 2022', () => {
    for (const { certificate } of current) {
      expect(toHex(parseCertificate(certificate).tbs)).toBe(
        madeByUs(certificate, '2022', 'report'),
      );
    }
  });
});

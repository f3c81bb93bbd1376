import { keyReportData } from '@touchstone/attested-key';
import { equal, toHex } from '@touchstone/bytes';
import { CheckLog } from '@touchstone/decision';
import { CodedError, hasCode } from '@touchstone/errors';
import { isDebug, type SgxQuote } from '@touchstone/quote';
import {
  ask,
  readCarriedQuote,
  readSignerCertificate,
  type CertificateExpectations,
} from './signer-certificate';
import { judgementOf, shown, type Judgement } from './verdict';
import { verifyEvidence, type VerificationRequest } from './verify-evidence';

type Collateral = Pick<VerificationRequest, 'collateral' | 'anchors' | 'source' | 'without'>;

/** What is asked of whoever signs tokens. */
export interface SignerRequest extends CertificateExpectations, Collateral {
  /** DER of the certificate that stands first in the issuer's key set. */
  readonly certificate: Uint8Array;
  /** 32 bytes; left out, any enclave. */
  readonly mrEnclave?: Uint8Array | undefined;
  /** 32 bytes; left out, any author. */
  readonly mrSigner?: Uint8Array | undefined;
  /** Whether an enclave will do whose memory can be read from outside: Azure's own did in all certificates on record. */
  readonly allowDebug?: boolean | undefined;
}

/**
 * The verdict on a signer: that its key was born in a genuine enclave, in the one that is expected, and that its certificate
 * says so. Checks on the certificate come first, then those of the quote, then those on the enclave.
 */
export async function judgeSigner(request: SignerRequest): Promise<Judgement> {
  const log = new CheckLog();
  try {
    const certificate = readSignerCertificate(request.certificate, request, log);
    const { bytes, quote } = readCarriedQuote(certificate, log);
    const judged = await verifyEvidence({ ...request, evidence: bytes });
    log.append(judged.checks);
    if (judged.document.verdict !== 'genuine') return withChecks(judged, log);
    const refusal = refusalOf(() => askEnclave(quote, certificate.spki, request, log));
    return withChecks(refusal ? refused(judged, refusal) : judged, log);
  } catch (error) {
    if (!hasCode(error)) throw error;
    const { code, message: reason } = error;
    return judgementOf({
      verdict: 'rejected',
      at: request.at,
      code,
      reason,
      checks: log.checks,
    });
  }
}

function askEnclave(
  { body }: SgxQuote,
  spki: Uint8Array,
  { mrEnclave, mrSigner, allowDebug = false }: SignerRequest,
  log: CheckLog,
): void {
  const expected = keyReportData(spki);
  ask(log, 'signer-key-binding', 'SIGNER_KEY_UNBOUND', {
    holds: equal(body.reportData, expected),
    read: toHex(body.reportData),
    expected: toHex(expected),
  });
  const debug = { read: isDebug(body.attributes) ? 'debug' : 'not debug', expected: 'not debug' };
  if (allowDebug && isDebug(body.attributes)) log.noted('signer-not-debug', debug);
  else
    ask(log, 'signer-not-debug', 'SIGNER_DEBUG', {
      holds: debug.read === debug.expected,
      ...debug,
    });
  const pins = [
    ['signer-mrenclave', 'SIGNER_MRENCLAVE', body.mrEnclave, mrEnclave],
    ['signer-mrsigner', 'SIGNER_MRSIGNER', body.mrSigner, mrSigner],
  ] as const;
  for (const [name, code, found, pinned] of pins) {
    const read = toHex(found);
    if (pinned === undefined) log.noted(name, { read });
    else ask(log, name, code, { holds: equal(found, pinned), read, expected: toHex(pinned) });
  }
}

function refusalOf(questions: () => void): CodedError | undefined {
  try {
    questions();
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

const refused = (judged: Judgement, { code, message: reason }: CodedError): Judgement => ({
  ...judged,
  reason,
  document: { ...judged.document, verdict: 'rejected', code },
});

const withChecks = (judged: Judgement, { checks }: CheckLog): Judgement => ({
  ...judged,
  document: { ...judged.document, checks: checks.map(shown) },
  checks,
});

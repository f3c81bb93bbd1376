import { equal, sha256, toHex, toUtf8 } from '@touchstone/bytes';
import type { Enclave, VerifiedReport } from '@touchstone/enclave-sdk';
import { requireIdentity, verifyEvidence } from '@touchstone/enclave-verifier';
import type { ExpectedIdentity, TcbStatus } from '@touchstone/enclave-verifier';
import type { Configuration } from '../configuration';
import type { AttestedKey, PeerFacts } from '../messages';
import { SecretSharingError } from '../secret-sharing-error';

/** Collateral for evidence (Open Enclave's SGX endorsements), and the time (ISO 8601): both the host's word. */
const COLLATERAL_OCALL = 'collateral';
const TIME_OCALL = 'time';
const REPORT_BYTES = 432;
const HALF = 32;

/** What the second half of a peer's report data has to be, where freshness is demanded. */
export interface Freshness {
  readonly required: boolean;
  readonly expected: Uint8Array | undefined;
}

/**
 * Who made an attested key: a peer on this processor by its report, any other by its evidence; that it is a peer as the
 * configuration wants it; that the key is what it attested, and that it did so for this exchange.
 */
export async function verifyPeer(
  attested: AttestedKey,
  enclave: Enclave,
  configuration: Configuration,
  freshness: Freshness,
): Promise<PeerFacts> {
  const { body, tcbStatus, checks } =
    attested.report.length === REPORT_BYTES
      ? locally(attested.report, enclave, configuration)
      : await remotely(attested.report, enclave, configuration);
  if (!equal(body.reportData.subarray(0, HALF), sha256(attested.key))) {
    throw new SecretSharingError(
      'KEY_NOT_ATTESTED',
      'the SHA-256 of this key is not in the report',
      { field: 'key' },
    );
  }
  requireFresh(body.reportData.subarray(HALF), freshness);
  return {
    mrEnclave: toHex(body.mrEnclave),
    mrSigner: toHex(body.mrSigner),
    isvProdId: body.isvProdId,
    isvSvn: body.isvSvn,
    debug: body.debug,
    tcbStatus,
    checks: [...checks, 'identity', 'key-binding', 'freshness'],
  };
}

interface Proven {
  readonly body: VerifiedReport;
  readonly tcbStatus: string;
  readonly checks: readonly string[];
}

function locally(report: Uint8Array, enclave: Enclave, configuration: Configuration): Proven {
  const body = enclave.verifyReport(report);
  requireIdentity(body, expectedOf(enclave, configuration));
  return { body, tcbStatus: 'local', checks: ['report-mac'] };
}

async function remotely(
  evidence: Uint8Array,
  enclave: Enclave,
  configuration: Configuration,
): Promise<Proven> {
  const [collateral, time] = await Promise.all([
    enclave.ocall(COLLATERAL_OCALL, evidence),
    enclave.ocall(TIME_OCALL, new Uint8Array()),
  ]);
  const verified = verifyEvidence(evidence, {
    collateral,
    anchor: { name: 'configured', publicKey: configuration.root },
    at: timeIn(time),
    expected: expectedOf(enclave, configuration),
    acceptedTcbStatuses: configuration.acceptedTcbStatuses as readonly TcbStatus[],
  });
  const checks = verified.quote.checks.map(({ name }) => name);
  return { body: verified, tcbStatus: verified.tcbStatus, checks };
}

/** A peer that believes the same, and is the same program unless the configuration names another. */
function expectedOf(enclave: Enclave, configuration: Configuration): ExpectedIdentity {
  const own = enclave.identity();
  const { peerMrEnclave, minimumSvn } = configuration;
  return {
    mrEnclave: peerMrEnclave ?? own.mrEnclave,
    minimumIsvSvn: minimumSvn,
    ...(peerMrEnclave === undefined && {
      mrSigner: own.mrSigner,
      isvProdId: own.isvProdId,
      configId: own.configId,
    }),
  };
}

function requireFresh(said: Uint8Array, { required, expected }: Freshness): void {
  const saysNothing = said.every((byte) => byte === 0);
  if (!required && saysNothing) return;
  if (expected !== undefined && equal(said, expected)) return;
  throw new SecretSharingError('EVIDENCE_REPLAYED', 'the evidence was not made for this exchange', {
    field: 'report',
  });
}

function timeIn(bytes: Uint8Array): Date {
  const at = new Date(toUtf8(bytes));
  if (Number.isNaN(at.getTime())) {
    throw new SecretSharingError('REQUEST_INVALID', 'the host does not tell the time', {
      field: 'time',
    });
  }
  return at;
}

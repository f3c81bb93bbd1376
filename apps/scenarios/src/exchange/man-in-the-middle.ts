import { generateKeyPairSync } from 'node:crypto';
import { fromUtf8, sha256 } from '@touchstone/bytes';
import type { AttestationOrder, AttestedKey } from '@touchstone/enclave-secret-sharing';
import type { AttackName } from '../frame/attack';
import { looksLikeOeReport, OE_REPORT_HEADER_SIZE } from '@touchstone/quote';
import { asked } from '../frame/refused';
import type { Party } from './party';

/** What a man in the middle needs to have, for the attacks that ask for it. */
export interface Accomplices {
  /** B in an exchange that was before this one. */
  earlierB(): Promise<Party>;
  /** An enclave of his own: the reviewed one with a byte changed. */
  wrongEnclave(): Promise<Party>;
  /** The right enclave on a platform that has not been updated; for local attestation the right enclave, not updated. */
  staleEnclave(): Promise<Party>;
  /** The right enclave, readable. */
  debugEnclave(): Promise<Party>;
  /** The right enclave on a processor of his own. */
  elsewhere(): Promise<Party>;
}

/** Where in a report or a quote the MRENCLAVE stands. */
const REPORT_MRENCLAVE = 64;
const QUOTE_MRENCLAVE = 48 + 64;
const REPORT_BYTES = 432;

/**
 * Who carries what B answers to A, and changes it. Nothing of what he does needs a secret of B's, for he has none: he controls
 * hosts, networks and processors of his own.
 */
export async function answerFor(
  attack: AttackName | undefined,
  b: Party,
  order: AttestationOrder,
  accomplices: Accomplices,
): Promise<AttestedKey> {
  switch (attack) {
    case undefined:
      return b.attest(order);
    case 'swap-key':
      return { ...(await b.attest(order)), key: ownKey() };
    case 'replay': {
      const { challenge: _, ...earlier } = order;
      const challenge = sha256(fromUtf8('the challenge of an earlier exchange'));
      return (await accomplices.earlierB()).attest({ ...earlier, challenge });
    }
    case 'tamper-report':
      return tampered(await b.attest(order));
    case 'wrong-enclave':
      return (await accomplices.wrongEnclave()).attest(order);
    case 'stale-tcb':
      return (await accomplices.staleEnclave()).attest(order);
    case 'debug-enclave':
      return (await accomplices.debugEnclave()).attest(order);
    case 'other-processor':
      return quotedElsewhere(b, await accomplices.elsewhere(), order);
  }
}

function ownKey(): Uint8Array {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return fromUtf8(publicKey.export({ type: 'spki', format: 'pem' }).toString());
}

function tampered(attested: AttestedKey): AttestedKey {
  const report = attested.report.slice();
  const at =
    report.length === REPORT_BYTES
      ? REPORT_MRENCLAVE
      : QUOTE_MRENCLAVE + (looksLikeOeReport(report) ? OE_REPORT_HEADER_SIZE : 0);
  report[at] = (report[at] ?? 0) ^ 1;
  return { ...attested, report };
}

/**
 * The right enclave makes a report on his processor. For local attestation it goes to A as it is; for remote attestation he asks
 * B's machine to quote it, whose Quoting Enclave would make it look like one of its own.
 */
async function quotedElsewhere(
  b: Party,
  elsewhere: Party,
  { targetInfo, ...order }: AttestationOrder,
): Promise<AttestedKey> {
  if (targetInfo !== undefined) return elsewhere.attest({ ...order, targetInfo });
  const { host } = b.machine;
  const { qeTargetInfo } = await host.getPlatformInfo({});
  const attested = await elsewhere.attest({ ...order, targetInfo: qeTargetInfo });
  const { quote } = await asked('quoting enclave', host.getQuote({ report: attested.report }));
  return { ...attested, report: quote };
}

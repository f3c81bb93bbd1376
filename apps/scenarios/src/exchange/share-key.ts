import { toUtf8 } from '@touchstone/bytes';
import type { AttestationOrder, AttestedKey } from '@touchstone/enclave-secret-sharing';
import type { Step } from '@touchstone/narrator';
import type { Stage } from '../frame/scenario';
import { answerFor, type Accomplices } from './man-in-the-middle';
import type { Party } from './party';

export interface ShareKeyOptions {
  readonly a: Party;
  readonly b: Party;
  /** Whether both are on one processor and attest by reports to each other, or by evidence of the Quoting Enclave. */
  readonly local: boolean;
  readonly accomplices: Accomplices;
}

/** The exchange of the guide: B's key goes to A, A's key goes to B, each attested. Ends with `Refused` when a party says no. */
export async function shareKey(stage: Stage, options: ShareKeyOptions): Promise<void> {
  const { a, b, local, accomplices } = options;
  const { narrator, attack } = stage;
  const challenge = await a.challenge();
  const orderB: AttestationOrder = {
    kind: 'PEM',
    challenge,
    ...(local && { targetInfo: await a.targetInfo() }),
  };
  const fromB = await answerFor(attack, b, orderB, accomplices);
  narrator.step(
    b.name,
    `makes an RSA-2048 key inside, and ${local ? 'a report for A' : 'evidence'} over its SHA-256`,
    { 'public key': toUtf8(fromB.key).trim().split('\n').join(' '), ...reportValues(fromB, local) },
    'The key travels in the open: its hash in the report data is what makes it B’s, and the challenge of A beside it makes it new.',
  );
  if (attack !== undefined) {
    narrator.step('man in the middle', `stands on the way from B to A: ${attack}`);
  }
  const factsB = await a.verify(fromB);
  narrator.step(
    a.name,
    `attests B by its ${local ? 'report' : 'evidence'} and takes its key`,
    factValues(factsB),
    local
      ? 'A has the report key of itself from the processor, and computes the MAC again.'
      : 'Certificates, CRLs, TCB info and QE identity are judged inside A, up to the root that its CONFIGID names.',
  );
  const fromA = await a.attest({
    kind: 'AES',
    ...(local && { targetInfo: await b.targetInfo() }),
  });
  narrator.step(
    a.name,
    "makes an AES-256 key inside, encrypts it to B's key, and attests the cipher text",
    { 'encrypted key': `${fromA.key.length} bytes`, ...reportValues(fromA, local) },
    'The report data holds the SHA-256 of the cipher text and of the one key that it is for: it is of use to nobody else, and at no other time.',
  );
  const factsA = await b.verify(fromA);
  narrator.step(
    b.name,
    'attests A, and decrypts the AES key with its private key',
    factValues(factsA),
  );
  stage.check({
    name: 'the enclave that A attested is the reviewed one',
    ok: factsB['mrEnclave'] === a.mrEnclave,
    read: String(factsB['mrEnclave']),
    expected: a.mrEnclave,
  });
}

const reportValues = ({ report }: AttestedKey, local: boolean) => ({
  [local ? 'report' : 'evidence']: `${report.length} bytes`,
});

/** What a party found out: all of it by ECALL, a word on it over the guide's wire. */
function factValues(facts: Readonly<Record<string, unknown>>): Step['values'] {
  if (facts['mrEnclave'] === undefined) return { answer: String(facts['msg']) };
  return {
    mrenclave: String(facts['mrEnclave']),
    mrsigner: String(facts['mrSigner']),
    svn: Number(facts['isvSvn']),
    debug: facts['debug'] === true,
    tcb: String(facts['tcbStatus']),
    'checks that held': Array.isArray(facts['checks']) ? facts['checks'].length : 0,
  };
}

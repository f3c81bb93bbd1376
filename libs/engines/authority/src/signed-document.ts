import { fromUtf8 } from '@touchstone/bytes';
import { signedDocument } from '@touchstone/collateral';
import type { Founding } from './certificates';
import type { Fault } from './faults';
import type { AuthorityState } from './state';

/** What the signer of a JSON document works with. */
export interface SigningContext extends Founding {
  readonly state: AuthorityState;
}

type Member = 'tcbInfo' | 'enclaveIdentity';

const FORGED: Readonly<Record<Member, Fault>> = {
  tcbInfo: 'tcb-info-forged',
  enclaveIdentity: 'qe-identity-forged',
};
const TAMPERED: Readonly<Record<Member, Fault>> = {
  tcbInfo: 'tcb-info-tampered',
  enclaveIdentity: 'qe-identity-tampered',
};

/** The whole body around the inner object, with the TCB signing key's r||s over exactly these bytes. */
export function signedAs(context: SigningContext, member: Member, inner: Uint8Array): Uint8Array {
  const { signers, faults } = context;
  const signer = faults.has(FORGED[member]) ? signers.forger : signers.tcbSigning;
  const signature = signer.signRaw(inner);
  return signedDocument(member, faults.has(TAMPERED[member]) ? tampered(inner) : inner, signature);
}

const EVALUATION = '"tcbEvaluationDataNumber":';

// One digit of the evaluation number: the document still has its shape, and only its signature is wrong.
function tampered(inner: Uint8Array): Uint8Array {
  const changed = inner.slice();
  const at = Buffer.from(inner).indexOf(fromUtf8(EVALUATION)) + EVALUATION.length;
  changed[at] = changed[at] === 0x39 ? 0x38 : 0x39;
  return changed;
}

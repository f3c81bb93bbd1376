import {
  encodeEnclaveIdentity,
  type EnclaveIdentityId,
  type IsvSvnLevel,
} from '@touchstone/collateral';
import { QE_IDENTITY } from '@touchstone/platform';
import type { Fault } from './faults';
import type { TcbRecovery } from './recovery';
import { signedAs, type SigningContext } from './signed-document';
import { documentWindow } from './window';

interface EnclaveKind {
  readonly isvProdId: number;
  /** First byte of ATTRIBUTES: INIT, and PROVISION_KEY for the quoting enclaves. */
  readonly flags: number;
  /** ISVSVN of the oldest level. */
  readonly baseSvn: number;
}

/** What the past recoveries raised the Quoting Enclave by. */
const PAST_QE_RAISE = 2;

const KINDS: Readonly<Record<EnclaveIdentityId, EnclaveKind>> = {
  QE: { isvProdId: 1, flags: 0x11, baseSvn: QE_IDENTITY.isvSvn - PAST_QE_RAISE },
  TD_QE: { isvProdId: 2, flags: 0x11, baseSvn: 4 },
  QVE: { isvProdId: 2, flags: 0x01, baseSvn: 3 },
  QAE: { isvProdId: 3, flags: 0x01, baseSvn: 3 },
};

/** MODE64BIT is free and xfrm unchecked; DEBUG is covered. */
const ATTRIBUTES_MASK = Uint8Array.of(
  0xfb,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0xff,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
);
const MAX_ISV_SVN = 0xffff;

/** The signed identity of an architectural enclave: the whole body. PCS v3 leaves advisories out. */
export function enclaveIdentity(
  context: SigningContext & { readonly mrSigner: Uint8Array },
  id: EnclaveIdentityId,
  recoveries: readonly TcbRecovery[],
  advisories: boolean,
): Uint8Array {
  const { faults } = context;
  const kind = KINDS[id];
  const { from, to } = documentWindow(context, 'qe-identity-expired');
  const attributes = new Uint8Array(16);
  attributes[0] = kind.flags;
  const inner = encodeEnclaveIdentity({
    id,
    version: 2,
    issueDate: from,
    nextUpdate: to,
    tcbEvaluationDataNumber: recoveries.at(-1)?.evaluationDataNumber ?? 0,
    miscselect: new Uint8Array(4),
    miscselectMask: new Uint8Array(4).fill(0xff),
    attributes,
    attributesMask: ATTRIBUTES_MASK,
    mrsigner: faults.has('qe-identity-other-signer')
      ? new Uint8Array(32).fill(0x5a)
      : context.mrSigner,
    isvProdId: faults.has('qe-identity-other-product') ? kind.isvProdId + 1 : kind.isvProdId,
    tcbLevels: faultyLevels(enclaveLevels(kind, recoveries), faults).map((level) => ({
      ...level,
      advisoryIds: advisories ? level.advisoryIds : [],
    })),
  });
  return signedAs(context, 'enclaveIdentity', inner);
}

/** ISVSVN that an enclave of this kind must have to be up to date after these recoveries. */
export const newestSvn = (id: EnclaveIdentityId, recoveries: readonly TcbRecovery[]): number =>
  recoveries.reduce((svn, { raisesQeSvn }) => svn + raisesQeSvn, KINDS[id].baseSvn);

/** Highest first; a level is out of date from the first recovery that raised the SVN above it. */
function enclaveLevels(kind: EnclaveKind, recoveries: readonly TcbRecovery[]): IsvSvnLevel[] {
  const levels: IsvSvnLevel[] = [];
  let isvSvn = kind.baseSvn;
  recoveries.forEach((recovery, index) => {
    if (index > 0 && recovery.raisesQeSvn === 0) return;
    isvSvn += recovery.raisesQeSvn;
    const later = recoveries.slice(index + 1);
    const against = later.filter(({ raisesQeSvn }) => raisesQeSvn > 0);
    const firstAgainst = later.findIndex(({ raisesQeSvn }) => raisesQeSvn > 0);
    const lastFor = firstAgainst < 0 ? recoveries.at(-1) : recoveries[index + firstAgainst];
    levels.unshift({
      isvSvn,
      tcbDate: (lastFor ?? recovery).tcbDate,
      tcbStatus: against.length > 0 ? 'OutOfDate' : 'UpToDate',
      advisoryIds: against.flatMap(({ advisoryIds }) => advisoryIds),
    });
  });
  return levels;
}

function faultyLevels(levels: IsvSvnLevel[], faults: ReadonlySet<Fault>): IsvSvnLevel[] {
  if (faults.has('qe-out-of-date'))
    return levels.map((one) => ({ ...one, tcbStatus: 'OutOfDate' }));
  if (faults.has('qe-revoked')) return levels.map((one) => ({ ...one, tcbStatus: 'Revoked' }));
  if (faults.has('qe-no-level'))
    return levels.slice(0, 1).map((one) => ({ ...one, isvSvn: MAX_ISV_SVN }));
  return levels;
}

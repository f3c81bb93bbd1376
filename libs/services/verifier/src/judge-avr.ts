import { toHex } from '@touchstone/bytes';
import type { Check } from '@touchstone/decision';
import type { Avr, AvrProof, ReportAnchor } from '@touchstone/ias';
import { IasError, verifyAvr } from '@touchstone/ias';
import { isBoundTo } from './custom-claims';
import type { MissingPart } from './parts';
import type { Pool } from './pool';
import { sgxFacts } from './quote-facts';
import type { AvrEvidence } from './recognise-evidence';
import type { Facts, Judgement, JudgementParts } from './verdict';
import { judgementOf } from './verdict';

export interface AvrCase {
  readonly evidence: AvrEvidence;
  readonly pool: Pool;
  readonly anchors: readonly ReportAnchor[];
  readonly at: Date;
  readonly runtimeData?: Uint8Array | undefined;
}

const SIGNER_PHRASE = 'Attestation Report Signing';

/** The verdict on a report of Intel's attestation service for EPID quotes. */
export function judgeAvr(avrCase: AvrCase): Judgement {
  const { evidence, at } = avrCase;
  const common = { at, kind: evidence.kind, facts: avrFacts(evidence.avr) } as const;
  const proofs = proofsOf(evidence, avrCase.pool);
  const missing = missingOf(proofs);
  if (missing.length > 0) {
    const code = 'COLLATERAL_MISSING';
    const detail = missing.join(', ');
    const checks: Check[] = [{ name: 'collateral-complete', result: 'failed', code, detail }];
    const reason = `missing: ${detail}`;
    return judgementOf({ ...common, verdict: 'not-judged', code, reason, missing, checks });
  }
  return bestOf(proofs.map((proof) => judgeWith(proof, avrCase, common)));
}

/** What came with the report, or each signature that was given beside it. */
function proofsOf({ envelope }: AvrEvidence, pool: Pool): AvrProof[] {
  if (envelope !== undefined) return [envelope];
  const certificates = pool.certificates.filter(({ subject }) =>
    subject.commonName?.includes(SIGNER_PHRASE),
  );
  const signatures = pool.of('avr-signature').map(({ piece }) => piece.signature);
  if (signatures.length === 0) return [{ signature: new Uint8Array(), certificates }];
  return signatures.map((signature) => ({ signature, certificates }));
}

function missingOf([proof]: readonly AvrProof[]): MissingPart[] {
  return [
    ...(proof === undefined || proof.signature.length === 0 ? ['avr-signature' as const] : []),
    ...(proof === undefined || proof.certificates.length === 0
      ? ['avr-signing-certificate' as const]
      : []),
  ];
}

/** One signature that proves it is enough: the others belong to other reports. */
function bestOf([first, ...others]: readonly Judgement[]): Judgement {
  if (first === undefined) throw new Error('a report is judged with at least one signature');
  return (
    [first, ...others].find(({ document }) => document.code !== 'AVR_INVALID_SIGNATURE') ?? first
  );
}

function judgeWith(
  proof: AvrProof,
  { evidence: { avr }, anchors, at, runtimeData }: AvrCase,
  common: Pick<JudgementParts, 'at' | 'kind' | 'facts'>,
): Judgement {
  try {
    const { status, anchor, checks, expired } = verifyAvr(avr, proof, { anchors, at });
    const proven = { ...common, tcbStatus: status, advisories: avr.advisoryIds, anchor };
    const all = [...checks, ...bindingChecks(avr, runtimeData)];
    const failed = all.find(({ result }) => result === 'failed');
    const code =
      failed?.code ?? (expired.length > 0 ? 'AVR_SIGNING_CERTIFICATE_EXPIRED' : undefined);
    if (code === undefined) return judgementOf({ ...proven, verdict: 'genuine', checks: all });
    const reason =
      failed === undefined
        ? 'the signing certificate has expired'
        : 'the report binds other runtime data';
    return judgementOf({ ...proven, verdict: 'rejected', code, reason, checks: all });
  } catch (error) {
    if (!(error instanceof IasError)) throw error;
    const { code, message, checks } = error;
    const tcbStatus = code.startsWith('EPID_') ? avr.status : undefined;
    return judgementOf({
      ...common,
      verdict: 'rejected',
      code,
      reason: message,
      checks,
      tcbStatus,
    });
  }
}

function bindingChecks({ quoteBody }: Avr, runtimeData: Uint8Array | undefined): Check[] {
  const name = 'runtime-data-binding';
  if (runtimeData === undefined)
    return [{ name, result: 'skipped', detail: 'no runtime data given' }];
  const { reportData } = quoteBody.reportBody;
  if (isBoundTo(reportData, runtimeData)) {
    return [{ name, result: 'passed', read: `${runtimeData.length} bytes` }];
  }
  return [{ name, result: 'failed', code: 'RUNTIME_DATA_MISMATCH', read: toHex(reportData) }];
}

/** What a report says, and the enclave that its quote body names. */
export function avrFacts(avr: Avr): Facts {
  const { quoteBody, platformInfo, nonce, advisoryUrl, epidPseudonym, revocationReason } = avr;
  return {
    kind: 'ias-avr',
    isvEnclaveQuoteStatus: avr.status,
    id: avr.id,
    timestamp: avr.timestampText,
    version: avr.version,
    ...sgxFacts(quoteBody.reportBody),
    reportData: toHex(quoteBody.reportBody.reportData),
    epidGroupId: quoteBody.groupId.toString(16).padStart(8, '0'),
    linkable: quoteBody.linkable,
    qeSvn: quoteBody.qeSvn,
    pceSvn: quoteBody.pceSvn,
    ...(nonce === undefined ? {} : { nonce }),
    ...(revocationReason === undefined ? {} : { revocationReason }),
    ...(advisoryUrl === undefined ? {} : { advisoryUrl }),
    ...(epidPseudonym === undefined ? {} : { epidPseudonym: toHex(epidPseudonym) }),
    ...(platformInfo === undefined
      ? {}
      : { platformInfo: { ...platformInfo, latestTcb: toHex(platformInfo.latestTcb) } }),
  };
}

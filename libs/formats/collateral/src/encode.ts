import { fromUtf8, toHex } from '@touchstone/bytes';
import type { EnclaveIdentityContent } from './enclave-identity';
import {
  type TcbInfoContent,
  type TcbLevel,
  type TdxModule,
  type TdxModuleIdentity,
  numberedName,
} from './tcb-info';
import type { IsvSvnLevel, LevelVerdict } from './tcb-status';

/** What a component stands for; Intel writes it beside the SVN, for people. */
export interface ComponentLabel {
  readonly category?: string;
  readonly type?: string;
}

/** A TCB info to be written; labels belong to the component at the same index, in every level. */
export interface TcbInfoDraft extends TcbInfoContent {
  readonly sgxComponentLabels?: readonly (ComponentLabel | undefined)[];
  readonly tdxComponentLabels?: readonly (ComponentLabel | undefined)[];
}

/**
 * The inner object of a TCB info: compact JSON in Intel's member order, integers only, so that these bytes, any
 * re-serialisation that keeps the order, and the signed bytes are the same.
 */
export function encodeTcbInfo(draft: TcbInfoDraft): Uint8Array {
  return compact({
    ...(draft.version === 3 ? { id: draft.id } : {}),
    version: draft.version,
    issueDate: timeText(draft.issueDate),
    nextUpdate: timeText(draft.nextUpdate),
    fmspc: draft.fmspc.toUpperCase(),
    pceId: draft.pceId.toUpperCase(),
    tcbType: draft.tcbType,
    tcbEvaluationDataNumber: draft.tcbEvaluationDataNumber,
    ...(draft.tdxModule ? { tdxModule: moduleJson(draft.tdxModule) } : {}),
    ...(draft.tdxModuleIdentities
      ? { tdxModuleIdentities: draft.tdxModuleIdentities.map(moduleIdentityJson) }
      : {}),
    tcbLevels: draft.tcbLevels.map((level) => ({
      tcb: tcbJson(level, draft),
      ...verdictJson(level),
    })),
  });
}

/** The inner object of an enclave identity, in the same form. */
export function encodeEnclaveIdentity(content: EnclaveIdentityContent): Uint8Array {
  return compact({
    id: content.id,
    version: content.version,
    issueDate: timeText(content.issueDate),
    nextUpdate: timeText(content.nextUpdate),
    tcbEvaluationDataNumber: content.tcbEvaluationDataNumber,
    miscselect: upperHex(content.miscselect),
    miscselectMask: upperHex(content.miscselectMask),
    attributes: upperHex(content.attributes),
    attributesMask: upperHex(content.attributesMask),
    mrsigner: upperHex(content.mrsigner),
    isvprodid: content.isvProdId,
    tcbLevels: content.tcbLevels.map(isvSvnLevelJson),
  });
}

const compact = (value: object): Uint8Array => fromUtf8(JSON.stringify(value));

const timeText = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, 'Z');

const upperHex = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

function tcbJson({ sgxComponents, tdxComponents, pceSvn }: TcbLevel, draft: TcbInfoDraft): object {
  if (draft.version === 2) {
    const numbered = sgxComponents.map((svn, index) => [numberedName(index), svn] as const);
    return { ...Object.fromEntries(numbered), pcesvn: pceSvn };
  }
  return {
    sgxtcbcomponents: componentsJson(sgxComponents, draft.sgxComponentLabels),
    pcesvn: pceSvn,
    ...(tdxComponents
      ? { tdxtcbcomponents: componentsJson(tdxComponents, draft.tdxComponentLabels) }
      : {}),
  };
}

const componentsJson = (
  svns: readonly number[],
  labels: readonly (ComponentLabel | undefined)[] = [],
): object[] => svns.map((svn, index) => ({ svn, ...labels[index] }));

const verdictJson = ({ tcbDate, tcbStatus, advisoryIds }: LevelVerdict): object => ({
  tcbDate: timeText(tcbDate),
  tcbStatus,
  ...(advisoryIds.length > 0 ? { advisoryIDs: advisoryIds } : {}),
});

const isvSvnLevelJson = (level: IsvSvnLevel): object => ({
  tcb: { isvsvn: level.isvSvn },
  ...verdictJson(level),
});

const moduleJson = ({ mrSigner, attributes, attributesMask }: TdxModule): object => ({
  mrsigner: upperHex(mrSigner),
  attributes: upperHex(attributes),
  attributesMask: upperHex(attributesMask),
});

const moduleIdentityJson = (identity: TdxModuleIdentity): object => ({
  id: identity.id,
  ...moduleJson(identity),
  tcbLevels: identity.tcbLevels.map(isvSvnLevelJson),
});

import { toHex } from '@touchstone/bytes';
import { CollateralError } from './collateral-error';
import type { Members } from './members';
import { readSignedDocument } from './signed-document';
import { type IsvSvnLevel, type LevelVerdict, readIsvSvnLevel, readVerdict } from './tcb-status';

/** TCB components of a level, SGX and TDX alike. */
export const TCB_COMPONENTS = 16;

/** Levels of one document, at most. */
export const MAX_TCB_LEVELS = 1024;

/** TDX module identities of one document, at most. */
export const MAX_TDX_MODULE_IDENTITIES = 64;

export interface TcbLevel extends LevelVerdict {
  /** 16 values of 0 to 255. */
  readonly sgxComponents: readonly number[];
  /** 16 values of 0 to 255; in TDX documents only. */
  readonly tdxComponents?: readonly number[];
  readonly pceSvn: number;
}

export interface TdxModule {
  /** MRSIGNERSEAM, 48 bytes. */
  readonly mrSigner: Uint8Array;
  /** SEAMATTRIBUTES, 8 bytes. */
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
}

export interface TdxModuleIdentity extends TdxModule {
  /** Such as `TDX_01`. */
  readonly id: string;
  /** Document order. */
  readonly tcbLevels: readonly IsvSvnLevel[];
}

/** What a TCB info says, without its signature. */
export interface TcbInfoContent {
  readonly id: 'SGX' | 'TDX';
  readonly version: 2 | 3;
  readonly issueDate: Date;
  readonly nextUpdate: Date;
  /** 12 hex digits, lower case. */
  readonly fmspc: string;
  /** 4 hex digits, lower case. */
  readonly pceId: string;
  readonly tcbType: number;
  readonly tcbEvaluationDataNumber: number;
  /** Document order, which is not to be relied on. */
  readonly tcbLevels: readonly TcbLevel[];
  readonly tdxModule?: TdxModule;
  readonly tdxModuleIdentities?: readonly TdxModuleIdentity[];
}

/** A TCB info as it arrived: well-formed, not trusted. */
export interface TcbInfo extends TcbInfoContent {
  /** The inner object exactly as it arrived. */
  readonly signedBytes: Uint8Array;
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array;
}

const CODE = 'TCB_INFO_MALFORMED';
const MAX_SVN = 255;
const MAX_PCE_SVN = 0xffff;
const MAX_EVALUATION_NUMBER = 0xffff_ffff;

/**
 * Reads the body of a TCB info, version 3 (PCS v4; SGX or TDX) or 2 (PCS v3; SGX), by the rules of Intel's quote
 * verification library. Errors: `TCB_INFO_MALFORMED`, `TCB_INFO_VERSION`, `TCB_INFO_DUPLICATE_LEVEL`,
 * `COLLATERAL_LIMIT_EXCEEDED`.
 */
export function parseTcbInfo(body: Uint8Array): TcbInfo {
  const { content, signedBytes, signature } = readSignedDocument(body, 'tcbInfo', CODE);
  const version = readVersion(content);
  const id = version === 2 ? 'SGX' : content.oneOf('id', ['SGX', 'TDX']);
  const tcbLevels = content
    .objects('tcbLevels', { min: 1, max: MAX_TCB_LEVELS })
    .map((level) => readLevel(level, version, id));
  refuseDuplicates(tcbLevels);
  return {
    id,
    version,
    issueDate: content.time('issueDate'),
    nextUpdate: content.time('nextUpdate'),
    fmspc: toHex(content.hex('fmspc', 6)),
    pceId: toHex(content.hex('pceId', 2)),
    // Only type 0 is defined: component i is byte i of CPUSVN.
    tcbType: content.integer('tcbType', 0, 0),
    tcbEvaluationDataNumber: content.integer('tcbEvaluationDataNumber', 0, MAX_EVALUATION_NUMBER),
    tcbLevels,
    ...readTdxMembers(content, id),
    signedBytes,
    signature,
  };
}

function readVersion(content: Members): 2 | 3 {
  const version = content.integer('version', 0, Number.MAX_SAFE_INTEGER);
  if (version === 2 || version === 3) return version;
  throw new CollateralError('TCB_INFO_VERSION', `version ${version} is not known`, {
    field: 'version',
  });
}

function readLevel(level: Members, version: 2 | 3, id: 'SGX' | 'TDX'): TcbLevel {
  const tcb = level.object('tcb');
  if (id === 'SGX' && tcb.has('tdxtcbcomponents'))
    throw tcb.malformed('tdxtcbcomponents', 'in an SGX document');
  return {
    sgxComponents: version === 2 ? numberedComponents(tcb) : components(tcb, 'sgxtcbcomponents'),
    ...(id === 'TDX' ? { tdxComponents: components(tcb, 'tdxtcbcomponents') } : {}),
    pceSvn: tcb.integer('pcesvn', 0, MAX_PCE_SVN),
    ...readVerdict(level),
  };
}

const numberedComponents = (tcb: Members): number[] =>
  Array.from({ length: TCB_COMPONENTS }, (_, index) =>
    tcb.integer(numberedName(index), 0, MAX_SVN),
  );

/** `sgxtcbcomp01svn` is component 0. */
export const numberedName = (index: number): string =>
  `sgxtcbcomp${String(index + 1).padStart(2, '0')}svn`;

function components(tcb: Members, name: string): number[] {
  return tcb.objects(name, { min: TCB_COMPONENTS, max: TCB_COMPONENTS }).map((component) => {
    component.optionalString('category');
    component.optionalString('type');
    return component.integer('svn', 0, MAX_SVN);
  });
}

// Two levels with one TCB could say two things about it.
function refuseDuplicates(levels: readonly TcbLevel[]): void {
  const seen = new Set<string>();
  for (const { sgxComponents, pceSvn, tdxComponents = [] } of levels) {
    const key = [...sgxComponents, pceSvn, ...tdxComponents].join('.');
    if (seen.has(key)) {
      throw new CollateralError('TCB_INFO_DUPLICATE_LEVEL', 'two levels have the same TCB', {
        field: 'tcbLevels',
      });
    }
    seen.add(key);
  }
}

function readTdxMembers(
  content: Members,
  id: 'SGX' | 'TDX',
): Pick<TcbInfoContent, 'tdxModule' | 'tdxModuleIdentities'> {
  for (const name of ['tdxModule', 'tdxModuleIdentities']) {
    if (id === 'SGX' && content.has(name)) throw content.malformed(name, 'in an SGX document');
  }
  if (id === 'SGX') return {};
  const identities = content.has('tdxModuleIdentities')
    ? content
        .objects('tdxModuleIdentities', { min: 0, max: MAX_TDX_MODULE_IDENTITIES })
        .map(readModuleIdentity)
    : undefined;
  return {
    tdxModule: readModule(content.object('tdxModule')),
    ...(identities ? { tdxModuleIdentities: identities } : {}),
  };
}

const readModule = (module: Members): TdxModule => ({
  mrSigner: module.hex('mrsigner', 48),
  attributes: module.hex('attributes', 8),
  attributesMask: module.hex('attributesMask', 8),
});

const readModuleIdentity = (identity: Members): TdxModuleIdentity => ({
  id: identity.string('id'),
  ...readModule(identity),
  tcbLevels: identity.objects('tcbLevels', { min: 1, max: MAX_TCB_LEVELS }).map(readIsvSvnLevel),
});

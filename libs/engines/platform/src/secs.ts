import { isZero } from '@touchstone/bytes';
import { AttributeFlag, MISC_EXINFO, XfrmFlag } from '@touchstone/quote';
import type { EnclaveAttributes } from './attributes';
import { PlatformError } from './platform-error';

/** Who an enclave is: the members of its SECS that a REPORT tells. Nothing in it is secret. */
export interface EnclaveIdentity {
  /** INIT is set. */
  readonly attributes: EnclaveAttributes;
  readonly miscSelect: number;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  /** 16 bytes. */
  readonly isvExtProdId: Uint8Array;
  /** 16 bytes. */
  readonly isvFamilyId: Uint8Array;
  /** 64 bytes. */
  readonly configId: Uint8Array;
  readonly configSvn: number;
}

/** What the loader asks for at ECREATE, beside the layout. */
export interface SecsRequest {
  /** Without INIT. */
  readonly attributes: EnclaveAttributes;
  readonly miscSelect: number;
  /** 64 bytes; KSS enclaves only. */
  readonly configId?: Uint8Array;
  readonly configSvn?: number;
}

export type CheckedSecs = Required<SecsRequest>;

const KNOWN_FLAGS = Object.values(AttributeFlag).reduce((all, flag) => all | flag, 0n);
const CONFIG_ID_BYTES = 64;

/** ECREATE's checks of the SECS; each violation is a general-protection fault. */
export function checkSecs(request: SecsRequest): CheckedSecs {
  const {
    attributes,
    miscSelect,
    configId = new Uint8Array(CONFIG_ID_BYTES),
    configSvn = 0,
  } = request;
  if ((attributes.flags & AttributeFlag.INIT) !== 0n || (attributes.flags & ~KNOWN_FLAGS) !== 0n) {
    throw fault('SECS.ATTRIBUTES', 'INIT or a reserved attribute is set');
  }
  if ((attributes.xfrm & XfrmFlag.LEGACY) !== XfrmFlag.LEGACY) {
    throw fault('SECS.ATTRIBUTES.XFRM', 'x87 and SSE state are mandatory');
  }
  if ((miscSelect & ~MISC_EXINFO) !== 0) throw fault('SECS.MISCSELECT', 'a reserved bit is set');
  if (configId.length !== CONFIG_ID_BYTES) throw fault('SECS.CONFIGID', 'CONFIGID is 64 bytes');
  if (!hasKss(attributes) && !(isZero(configId) && configSvn === 0)) {
    throw fault('SECS.CONFIGID', 'only a KSS enclave has a configuration');
  }
  return { attributes: { ...attributes }, miscSelect, configId: configId.slice(), configSvn };
}

export const hasKss = (attributes: EnclaveAttributes): boolean =>
  (attributes.flags & AttributeFlag.KSS) !== 0n;

/** A deep copy: what the processor keeps must not be reachable through what it gives away. */
export const copyIdentity = (identity: EnclaveIdentity): EnclaveIdentity => ({
  ...identity,
  attributes: { flags: identity.attributes.flags, xfrm: identity.attributes.xfrm },
  mrEnclave: identity.mrEnclave.slice(),
  mrSigner: identity.mrSigner.slice(),
  isvExtProdId: identity.isvExtProdId.slice(),
  isvFamilyId: identity.isvFamilyId.slice(),
  configId: identity.configId.slice(),
});

function fault(field: string, message: string): PlatformError {
  return new PlatformError('SGX_GP', message, { field });
}

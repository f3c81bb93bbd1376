import { equal } from '@touchstone/bytes';
import { AttributeFlag } from '@touchstone/quote';
import { isTokenOf, parseEinitToken, type EinitToken } from './einit-token';
import { PlatformError, type PlatformErrorCode } from './platform-error';
import type { ProcessorCore } from './processor-core';
import type { EnclaveIdentity } from './secs';

/** What this machine's owner lets run. */
export interface LaunchControl {
  /**
   * IA32_SGXLEPUBKEYHASH, 32 bytes: MRSIGNER of the one who gives leave. Its own enclaves launch by themselves, all others
   * with a token of its launch enclave, which decides over their attributes. Absent: as Linux uses flexible launch control,
   * which writes each enclave's own signer there before EINIT, so that everyone launches.
   */
  readonly launchKeyHash?: Uint8Array;
  /** Without a launch key: MRSIGNER values (32 bytes each) whose enclaves may have PROVISION_KEY or EINITTOKEN_KEY. */
  readonly privilegedSigners: readonly Uint8Array[];
}

const { DEBUG, PROVISION_KEY, EINITTOKEN_KEY } = AttributeFlag;

/** EINIT's last question: may this enclave, as measured and signed, run here, with the keys that it asks for? */
export function checkLaunch(
  core: ProcessorCore,
  enclave: EnclaveIdentity,
  { launchKeyHash, privilegedSigners }: LaunchControl,
  tokenBytes?: Uint8Array,
): void {
  if (launchKeyHash === undefined) {
    const isPrivileged = privilegedSigners.some((signer) => equal(signer, enclave.mrSigner));
    if (has(enclave, PROVISION_KEY | EINITTOKEN_KEY) && !isPrivileged) throw keyRefused();
    return;
  }
  if (equal(enclave.mrSigner, launchKeyHash)) return;
  if (has(enclave, EINITTOKEN_KEY)) throw keyRefused();
  checkToken(core, enclave, launchKeyHash, tokenBytes);
}

function checkToken(
  core: ProcessorCore,
  enclave: EnclaveIdentity,
  launchKeyHash: Uint8Array,
  tokenBytes: Uint8Array | undefined,
): void {
  if (tokenBytes === undefined) throw invalidToken('EINITTOKEN', 'this signer needs a token');
  const token = parseEinitToken(tokenBytes);
  if (!token.valid) throw invalidToken('VALID', 'the token says that it is none');
  if ((token.maskedAttributesLe.flags & DEBUG) !== 0n && !has(enclave, DEBUG)) {
    throw invalidToken('MASKEDATTRIBUTESLE', 'a debug launch enclave launches debug enclaves only');
  }
  if (token.cpuSvnLe.some((svn, i) => svn > (core.cpuSvn[i] ?? 0))) {
    throw refusal('SGX_INVALID_CPUSVN', 'CPUSVNLE', 'beyond the processor');
  }
  if (!isTokenOf(core, token, launchKeyHash)) {
    throw invalidToken('MAC', 'not made by the launch enclave of this processor');
  }
  requireFor(enclave, token);
}

function requireFor({ mrEnclave, mrSigner, attributes }: EnclaveIdentity, token: EinitToken): void {
  if (!equal(token.mrEnclave, mrEnclave)) {
    throw refusal('SGX_INVALID_MEASUREMENT', 'MRENCLAVE', 'the token is for another enclave');
  }
  if (!equal(token.mrSigner, mrSigner)) {
    throw refusal('SGX_INVALID_MEASUREMENT', 'MRSIGNER', 'the token is for another signer');
  }
  const flags = attributes.flags & ~AttributeFlag.INIT;
  if (token.attributes.flags !== flags || token.attributes.xfrm !== attributes.xfrm) {
    throw refusal('SGX_INVALID_ATTRIBUTE', 'EINITTOKEN', 'the token is for other attributes');
  }
}

const has = ({ attributes }: EnclaveIdentity, flag: bigint): boolean =>
  (attributes.flags & flag) !== 0n;

const keyRefused = (): PlatformError =>
  refusal(
    'SGX_INVALID_ATTRIBUTE',
    'ATTRIBUTES',
    'launch control keeps these keys from this signer',
  );

const invalidToken = (field: string, message: string): PlatformError =>
  refusal('SGX_INVALID_EINITTOKEN', field, message);

function refusal(code: PlatformErrorCode, field: string, message: string): PlatformError {
  return new PlatformError(code, message, { field });
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concat } from '@touchstone/bytes';
import type { KeyRequest, SealedData } from '@touchstone/quote';
import {
  AttributeFlag,
  KeyName,
  KeyPolicy,
  MAX_SEALED_DATA_BYTES,
  SEALED_DATA_HEADER_SIZE,
  attributes,
  encodeKeyRequest,
  encodeSealedData,
  hasFlag,
  parseSealedData,
} from '@touchstone/quote';
import { EnclaveSdkError } from './enclave-sdk-error';
import { identity } from './report';
import type { EnclaveRuntime } from './runtime';

/** Who can open what is sealed: this very enclave, or every enclave of its signer with its product id and at least its SVN. */
export type SealPolicy = 'mrenclave' | 'mrsigner';

export interface SealOptions {
  readonly policy: SealPolicy;
  /** Sealed beside the data, but readable by anyone. */
  readonly additionalData?: Uint8Array;
}

export interface UnsealedData {
  readonly data: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly policy: SealPolicy;
}

const CIPHER = 'aes-128-gcm';
/** Safe for its key is used once: KEYID is 32 fresh random bytes. */
const ZERO_IV = new Uint8Array(12);
const TAG_BYTES = 16;
const KEY_ID_BYTES = 32;

// Intel's defaults (intel/linux-sgx, `sgx_seal_data`): what an upgrade may change is left out of the key.
const FLAGS_MASK = 0xff00_0000_0000_000bn;
const XFRM_MASK = 0n;
const MISC_MASK = 0xf000_0000;
const KSS_POLICIES = KeyPolicy.CONFIGID | KeyPolicy.ISVFAMILYID | KeyPolicy.ISVEXTPRODID;
const POLICY_BIT = { mrenclave: KeyPolicy.MRENCLAVE, mrsigner: KeyPolicy.MRSIGNER } as const;

/** `sgx_sealed_data_t`. @throws EnclaveSdkError SEALED_DATA_TOO_LARGE */
export function seal(
  runtime: EnclaveRuntime,
  data: Uint8Array,
  { policy, additionalData = new Uint8Array() }: SealOptions,
): Uint8Array {
  if (SEALED_DATA_HEADER_SIZE + data.length + additionalData.length > MAX_SEALED_DATA_BYTES) {
    throw new EnclaveSdkError('SEALED_DATA_TOO_LARGE', 'there is too much to seal', {
      field: 'data',
    });
  }
  const keyRequest = newKeyRequest(runtime, policy);
  const key = runtime.getKey(encodeKeyRequest(keyRequest));
  try {
    const cipher = createCipheriv(CIPHER, key, ZERO_IV);
    cipher.setAAD(additionalData);
    const cipherText = concat(cipher.update(data), cipher.final());
    const tag = cipher.getAuthTag();
    return encodeSealedData({ keyRequest, tag, cipherText, additionalText: additionalData });
  } finally {
    key.fill(0);
  }
}

/** @throws EnclaveSdkError SEALED_BLOB_MALFORMED, SEALED_BLOB_TAG_MISMATCH, SEALED_BLOB_SVN_BEYOND */
export function unseal(runtime: EnclaveRuntime, blob: Uint8Array): UnsealedData {
  const sealed = readBlob(blob);
  const policy = policyOf(sealed.keyRequest);
  const key = sealKey(runtime, sealed.keyRequest);
  try {
    return { data: open(key, sealed), additionalData: sealed.additionalText, policy };
  } finally {
    key.fill(0);
  }
}

function newKeyRequest(runtime: EnclaveRuntime, policy: SealPolicy): KeyRequest {
  const self = identity(runtime);
  const kss = hasFlag(self.attributes, AttributeFlag.KSS) ? KSS_POLICIES : 0;
  return {
    keyName: KeyName.SEAL,
    keyPolicy: POLICY_BIT[policy] | kss,
    isvSvn: self.isvSvn,
    cpuSvn: self.cpuSvn,
    attributeMask: attributes(FLAGS_MASK, XFRM_MASK),
    keyId: new Uint8Array(randomBytes(KEY_ID_BYTES)),
    miscMask: MISC_MASK,
    configSvn: self.configSvn,
  };
}

function readBlob(blob: Uint8Array): SealedData {
  try {
    return parseSealedData(blob);
  } catch (cause) {
    throw malformed('blob', cause);
  }
}

/** A key of neither policy could be derived by every enclave of the processor: whoever made that blob would not be known. */
function policyOf({ keyName, keyPolicy }: KeyRequest): SealPolicy {
  if (keyName !== KeyName.SEAL) throw malformed('keyName');
  if ((keyPolicy & KeyPolicy.MRENCLAVE) !== 0) return 'mrenclave';
  if ((keyPolicy & KeyPolicy.MRSIGNER) !== 0) return 'mrsigner';
  throw malformed('keyPolicy');
}

function sealKey(runtime: EnclaveRuntime, keyRequest: KeyRequest): Uint8Array {
  try {
    return runtime.getKey(encodeKeyRequest(keyRequest));
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'SGX_INVALID_CPUSVN' || code === 'SGX_INVALID_ISVSVN') {
      throw new EnclaveSdkError('SEALED_BLOB_SVN_BEYOND', 'sealed by a newer version', {
        field: code === 'SGX_INVALID_CPUSVN' ? 'cpuSvn' : 'isvSvn',
        cause,
      });
    }
    throw mismatch(cause);
  }
}

function open(key: Uint8Array, { cipherText, additionalText, tag }: SealedData): Uint8Array {
  const decipher = createDecipheriv(CIPHER, key, ZERO_IV, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalText);
  decipher.setAuthTag(tag);
  const data = decipher.update(cipherText);
  try {
    return concat(data, decipher.final());
  } catch (cause) {
    throw mismatch(cause);
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

function mismatch(cause: unknown): EnclaveSdkError {
  return new EnclaveSdkError(
    'SEALED_BLOB_TAG_MISMATCH',
    'sealed by another enclave or processor, or changed since',
    { field: 'payloadTag', cause },
  );
}

function malformed(field: string, cause?: unknown): EnclaveSdkError {
  return new EnclaveSdkError('SEALED_BLOB_MALFORMED', `the sealed blob is malformed: ${field}`, {
    field,
    cause,
  });
}

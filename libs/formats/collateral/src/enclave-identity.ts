import { CollateralError } from './collateral-error';
import { readSignedDocument } from './signed-document';
import { type IsvSvnLevel, readIsvSvnLevel } from './tcb-status';

/** Quoting enclave, TD quoting enclave, quote verification enclave, quote appraisal enclave. */
export const ENCLAVE_IDENTITY_IDS = ['QE', 'TD_QE', 'QVE', 'QAE'] as const;

export type EnclaveIdentityId = (typeof ENCLAVE_IDENTITY_IDS)[number];

/** Levels of one identity, at most. */
export const MAX_IDENTITY_LEVELS = 1024;

/** What an enclave identity says, without its signature. */
export interface EnclaveIdentityContent {
  readonly id: EnclaveIdentityId;
  readonly version: 2;
  readonly issueDate: Date;
  readonly nextUpdate: Date;
  readonly tcbEvaluationDataNumber: number;
  /** 4 bytes in the order of a report's MISCSELECT, which is little-endian. */
  readonly miscselect: Uint8Array;
  readonly miscselectMask: Uint8Array;
  /** 16 bytes as in a report: flags, then XFRM. */
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  /** 32 bytes. */
  readonly mrsigner: Uint8Array;
  readonly isvProdId: number;
  /** Document order, in which they are to be searched. */
  readonly tcbLevels: readonly IsvSvnLevel[];
}

/** An enclave identity as it arrived: well-formed, not trusted. */
export interface EnclaveIdentity extends EnclaveIdentityContent {
  /** The inner object exactly as it arrived. */
  readonly signedBytes: Uint8Array;
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array;
}

const CODE = 'ENCLAVE_IDENTITY_MALFORMED';
const MAX_PRODUCT_ID = 0xffff;
const MAX_EVALUATION_NUMBER = 0xffff_ffff;

/**
 * Reads the body of an enclave identity, version 2. Errors: `ENCLAVE_IDENTITY_MALFORMED`, `ENCLAVE_IDENTITY_VERSION`,
 * `COLLATERAL_LIMIT_EXCEEDED`.
 */
export function parseEnclaveIdentity(body: Uint8Array): EnclaveIdentity {
  const { content, signedBytes, signature } = readSignedDocument(body, 'enclaveIdentity', CODE);
  const version = content.integer('version', 0, Number.MAX_SAFE_INTEGER);
  if (version !== 2) {
    throw new CollateralError('ENCLAVE_IDENTITY_VERSION', `version ${version} is not known`, {
      field: 'version',
    });
  }
  return {
    id: content.oneOf('id', ENCLAVE_IDENTITY_IDS),
    version,
    issueDate: content.time('issueDate'),
    nextUpdate: content.time('nextUpdate'),
    tcbEvaluationDataNumber: content.integer('tcbEvaluationDataNumber', 0, MAX_EVALUATION_NUMBER),
    miscselect: content.hex('miscselect', 4),
    miscselectMask: content.hex('miscselectMask', 4),
    attributes: content.hex('attributes', 16),
    attributesMask: content.hex('attributesMask', 16),
    mrsigner: content.hex('mrsigner', 32),
    isvProdId: content.integer('isvprodid', 0, MAX_PRODUCT_ID),
    tcbLevels: content
      .objects('tcbLevels', { min: 1, max: MAX_IDENTITY_LEVELS })
      .map(readIsvSvnLevel),
    signedBytes,
    signature,
  };
}

import { toUtf8 } from '@touchstone/bytes';
import { CodedError } from '@touchstone/errors';
import { parsePolicy, type Policy } from '@touchstone/policy';
import { openPolicyDocument, policyHash } from '@touchstone/policy-document';
import { readGiven } from '../verify/given-files';

export class PolicyFileError extends CodedError<
  | 'POLICY_FILE_INVALID'
  | 'CLAIMS_FILE_INVALID'
  | 'TOKEN_FILE_INVALID'
  | 'QUOTE_NOT_SGX'
  | 'KEY_FILE_INVALID'
> {}

/** A policy as a file holds it: the text, or the JWS that it travels in. */
export interface PolicyFile {
  readonly file: string;
  readonly text: string;
  /** `x-ms-policy-hash`. */
  readonly hash: string;
  readonly jws?: { readonly tokenHash: string; readonly signed: boolean };
}

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/**
 * Reads a policy file. Every byte of a text counts, the last line end too, since all of it is hashed; around a JWS
 * white space means nothing.
 */
export async function readPolicyFile(file: string): Promise<PolicyFile> {
  const content = readText(await readGiven(file), file);
  const compact = content.trim();
  if (!COMPACT_JWS.test(compact)) return { file, text: content, hash: policyHash(content) };
  const { text, hash, tokenHash, signer } = openPolicyDocument(compact, { model: 'aad' });
  return { file, text, hash, jws: { tokenHash, signed: signer !== undefined } };
}

/** @throws PolicySyntaxError */
export async function readPolicy(file: string): Promise<PolicyFile & { readonly policy: Policy }> {
  const found = await readPolicyFile(file);
  return { ...found, policy: parsePolicy(found.text) };
}

/** @throws PolicyFileError POLICY_FILE_INVALID */
export function readText(bytes: Uint8Array, file: string): string {
  try {
    return toUtf8(bytes, file);
  } catch (cause) {
    throw new PolicyFileError('POLICY_FILE_INVALID', `${file} is not UTF-8`, {
      field: file,
      cause,
    });
  }
}

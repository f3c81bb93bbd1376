import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import type { Certificate } from '@touchstone/pki';
import type { PolicySigner } from '../policy-signer';
import type { DocumentTrust } from '../trust';
import { AT } from './signers';

export const TEXT = 'version=1.0; authorizationrules{=> permit();}; issuancerules{};';
export const AAD: DocumentTrust = { model: 'aad' };

export const isolated = (...signers: readonly Certificate[]): DocumentTrust => ({
  model: 'isolated',
  signers,
  at: AT,
});

export function leafOf({ certificates }: PolicySigner): Certificate {
  const [leaf] = certificates;
  if (!leaf) throw new Error('a signer has a certificate');
  return leaf;
}

export const x5c = (...certificates: readonly Certificate[]): string[] =>
  certificates.map(({ der }) => toBase64(der));

export const part = (value: unknown): string => toBase64Url(fromUtf8(JSON.stringify(value)));

export const policyPart = (text = TEXT): string =>
  part({ AttestationPolicy: toBase64Url(fromUtf8(text)) });

/** A document with any header and payload, signed by any key. */
export function handMade(header: object, payload: string, signer: PolicySigner): string {
  const input = `${part(header)}.${payload}`;
  return `${input}.${toBase64Url(signer.sign(fromUtf8(input)))}`;
}

export function refusalOf(act: () => unknown): { code?: string; field?: string } {
  try {
    act();
    return {};
  } catch (error) {
    if (!hasCode(error)) throw error;
    return { code: error.code, ...(error.field !== undefined && { field: error.field }) };
  }
}

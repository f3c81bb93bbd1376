import { fromUtf8, toBase64, toBase64Url } from '@touchstone/bytes';
import type { Certificate } from '@touchstone/pki';
import { compactJws } from '@touchstone/token';
import { encodePolicyText } from './policy-hash';
import type { PolicySigner } from './policy-signer';
import { certificateJwk } from './signer-jwk';

/** The member that holds a policy. */
export const POLICY_MEMBER = 'AttestationPolicy';
/** The member that holds a certificate to add or remove, by its name of today. */
export const CERTIFICATE_MEMBER = 'policyCertificate';

const UNSECURED = encode({ alg: 'none' });

/** A policy that anyone could have written: `alg` `none`, and the dot before a signature that is not there. */
export const wrapPolicy = (text: string): string => `${UNSECURED}.${encode(policyPayload(text))}.`;

/** What resets a policy where nothing has to be signed. */
export const RESET_DOCUMENT = `${UNSECURED}..`;

/** A policy signed by `signer`, with its certificates in the header. */
export const signPolicy = (text: string, signer: PolicySigner): string =>
  signed(encode(policyPayload(text)), signer);

/** What resets a policy where a signature is asked for: an empty payload. */
export const signReset = (signer: PolicySigner): string => signed('', signer);

/** What adds or removes a certificate of a signer. */
export const signSignerChange = (certificate: Certificate, signer: PolicySigner): string =>
  signed(encode({ [CERTIFICATE_MEMBER]: certificateJwk(certificate) }), signer);

const policyPayload = (text: string): object => ({ [POLICY_MEMBER]: encodePolicyText(text) });

function signed(payload: string, { alg, certificates, sign }: PolicySigner): string {
  const input = `${encode({ alg, x5c: certificates.map(({ der }) => toBase64(der)) })}.${payload}`;
  return compactJws(input, sign(fromUtf8(input)));
}

function encode(value: object): string {
  return toBase64Url(fromUtf8(JSON.stringify(value)));
}

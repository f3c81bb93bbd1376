import { fromUtf8, sha256, toBase64Url } from '@touchstone/bytes';

/** The policy text as it stands in the `AttestationPolicy` member of a policy JWS. */
export const encodePolicyText = (text: string): string => toBase64Url(fromUtf8(text));

/** `x-ms-policy-hash`: over the encoded text, not over the text. Every byte of white space counts. */
export const policyHash = (text: string): string => digest(encodePolicyText(text));

/** `x-ms-policy-token-hash`: over the whole compact JWS as it was received. */
export const policyTokenHash = (jws: string): string => digest(jws);

const digest = (ascii: string): string => toBase64Url(sha256(fromUtf8(ascii)));

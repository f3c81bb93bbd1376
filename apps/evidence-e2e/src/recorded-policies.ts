import { activatePolicy, policyHash } from '@touchstone/appraisal';
import type { ActivePolicy } from '@touchstone/appraisal';
import { claimsOf, exchanges, tokenOf } from './recordings';

/** The `AttestationPolicy` member of a policy's JWS, as it stands there; undefined for the empty one. */
export function encodedPolicyOf(jws: string): string | undefined {
  const [, payload = ''] = jws.split('.');
  if (payload === '') return undefined;
  const { AttestationPolicy } = claimsOf(jws);
  return typeof AttestationPolicy === 'string' ? AttestationPolicy : undefined;
}

/** The JWS inside the answer to `GET /policies/…`. */
export function policyJwsOf(token: string | undefined): string | undefined {
  const jws = token === undefined ? undefined : claimsOf(token)['x-ms-policy'];
  return typeof jws === 'string' ? jws : undefined;
}

/** The text of every policy that was set or read in a recording, by its hash. */
export function recordedPolicyTexts(): ReadonlyMap<string, string> {
  const texts = exchanges
    .filter(({ request }) => request.path.startsWith('/policies/SgxEnclave'))
    .flatMap((exchange) => [exchange.request.body, policyJwsOf(tokenOf(exchange))])
    .flatMap((jws) => (typeof jws === 'string' ? [encodedPolicyOf(jws)] : []))
    .filter((encoded) => encoded !== undefined)
    .map((encoded) => Buffer.from(encoded, 'base64url').toString('utf8'));
  return new Map(texts.map((text) => [policyHash(text), text]));
}

/** The same, read. */
export function recordedPolicies(): ReadonlyMap<string, ActivePolicy> {
  const texts = [...recordedPolicyTexts()];
  return new Map(texts.map(([hash, text]) => [hash, activatePolicy(text)]));
}

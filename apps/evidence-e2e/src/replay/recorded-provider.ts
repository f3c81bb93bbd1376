import { fromBase64Lenient } from '@touchstone/bytes';
import { parseCertificate, toPem } from '@touchstone/pki';
import { wrapPolicy } from '@touchstone/policy-document';
import { DEFAULT_POLICY_JWS } from '@touchstone/service-attestation';
import { policyJwsOf, recordedPolicyTexts } from '../recorded-policies';
import { claimsOf, exchanges, tokenOf, type NamedExchange } from '../recordings';

/** Our counterparts of the recorded providers. */
export const PROVIDERS = {
  aad: 'recordedaad',
  isolated: 'recordediso',
  shared: 'sharedeus2',
} as const;

export function providerOf({ recording }: NamedExchange): string {
  if (recording.name.includes('shared')) return PROVIDERS.shared;
  return recording.name.includes('isolated') ? PROVIDERS.isolated : PROVIDERS.aad;
}

/** The certificate that the recorded isolated provider trusts, as PEM. */
export function recordedSigner(): string {
  const answer = exchanges.find(({ label }) => label === 'policy-certificates-isolated #0');
  const claims = claimsOf((answer && tokenOf(answer)) ?? '');
  const { keys } = claims['x-ms-policy-certificates'] as { keys: { x5c: string[] }[] };
  return toPem(parseCertificate(fromBase64Lenient(keys[0]?.x5c[0] ?? '')).der);
}

/**
 * The policy that was in force for SGX evidence when a recording began, where it was not the default of today: as its
 * first answer reads it back, or the one that its first token names.
 */
export function policyBefore({ recording, response, request }: NamedExchange): string | undefined {
  const token = tokenOf({ request, response });
  if (token === undefined || recording.exchanges[0]?.request.method === 'PUT') return undefined;
  const read = policyJwsOf(token);
  const text = recordedPolicyTexts().get(String(claimsOf(token)['x-ms-policy-hash']));
  if (read === undefined && text === undefined) return undefined;
  const jws = read ?? wrapPolicy(text ?? '');
  return jws === DEFAULT_POLICY_JWS ? undefined : jws;
}

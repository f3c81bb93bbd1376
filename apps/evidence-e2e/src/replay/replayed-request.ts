import { collateralFor } from '../recorded-attestations';
import { policyJwsOf } from '../recorded-policies';
import { exchanges, tokenOf, type NamedExchange } from '../recordings';

/** Exchanges that are not replayed, and why. */
const NOT_REPLAYED: ReadonlyMap<string, string> = new Map([
  ['attest-tpm-aad #0', 'no policy can be set for TPM evidence, which is not judged'],
  ['attest-tpm-aad #2', 'TPM evidence is not judged'],
  ['attest-tpm-aad #3', 'no policy can be set for TPM evidence, which is not judged'],
]);

const isAttest = ({ request }: NamedExchange): boolean =>
  /^\/attest\/(Sgx|Open)Enclave$/.test(request.path);

/** Why an exchange cannot be replayed; undefined when it can. */
export function whyNot(exchange: NamedExchange): string | undefined {
  const known = NOT_REPLAYED.get(exchange.label);
  if (known !== undefined) return known;
  const body = bodyOf(exchange);
  if (exchange.request.method !== 'GET' && body === null) return 'its body was not recorded';
  if (isAttest(exchange) && collateralOf(exchange) === undefined)
    return 'the evidence has no collateral for its platform';
  return undefined;
}

/** The request that was sent to the live service; where its body was not recorded, one of the same meaning. */
export function bodyOf(exchange: NamedExchange): string | null {
  const { request, label } = exchange;
  if (request.body !== null || request.method === 'GET') return request.body;
  return UNRECORDED_BODIES[label]?.() ?? null;
}

const UNRECORDED_BODIES: Readonly<Record<string, () => string | null>> = {
  'attest-draft-policy-denied-aad #1': () =>
    JSON.stringify({
      ...(JSON.parse(find('attest-sgx-aad #0').request.body ?? '{}') as object),
      draftPolicyForAttestation: 'version=1.0; authorizationrules{}; issuancerules{};',
    }),
  // What was sent stands in the answer to the GET behind it.
  'policy-modify-signed-generated-key-aad #1': () =>
    policyJwsOf(tokenOf(find('policy-modify-signed-generated-key-aad #2'))) ?? null,
  'policy-modify-signed-generated-key-aad #4': () => 'eyJhbGciOiJub25lIn0..',
  // The provider is not isolated, whatever is in it.
  'policy-certificate-add-refused-aad #1': () => '"eyJhbGciOiJub25lIn0.e30."',
  'policy-certificate-remove-refused-aad #1': () => '"eyJhbGciOiJub25lIn0.e30."',
};

function find(label: string): NamedExchange {
  const found = exchanges.find((exchange) => exchange.label === label);
  if (!found) throw new Error(`no exchange ${label}`);
  return found;
}

/** Intel's documents for the platform that attests, and an instant at which they are all good. */
export function collateralOf(exchange: NamedExchange) {
  const request = { ...exchange.request, body: bodyOf(exchange) };
  return isAttest(exchange) ? collateralFor({ ...exchange, request }) : undefined;
}

import { encodePolicyText, policyHash, policyTokenHash } from '@touchstone/appraisal';
import { encodedPolicyOf, policyJwsOf, recordedPolicies } from './recorded-policies';
import { claimsOf, exchanges, labelled, replay, tokenOf } from './recordings';

replay('recorded policies', () => {
  const set = exchanges.filter(
    ({ request, response }) =>
      request.method === 'PUT' && request.body !== null && response.status === 200,
  );
  const read = exchanges.filter((exchange) => {
    const jws = policyJwsOf(tokenOf(exchange));
    return jws !== undefined && encodedPolicyOf(jws) !== undefined;
  });

  it.each(labelled(set))('%s hashes the JWS as it was sent', (_, exchange) => {
    const claims = claimsOf(tokenOf(exchange) ?? '');
    expect(claims['x-ms-policy-token-hash']).toBe(policyTokenHash(exchange.request.body ?? ''));
  });

  it.each(labelled(read))('%s has a text that is written as it was', (_, exchange) => {
    const jws = policyJwsOf(tokenOf(exchange)) ?? '';
    const encoded = encodedPolicyOf(jws) ?? '';
    const text = Buffer.from(encoded, 'base64url').toString('utf8');
    expect(encodePolicyText(text)).toBe(encoded);
    expect(recordedPolicies().get(policyHash(text))?.hash).toBe(policyHash(text));
  });

  const attested = exchanges.filter(
    (exchange) =>
      /^\/attest\/(Sgx|Open)Enclave$/.test(exchange.request.path) &&
      tokenOf(exchange) !== undefined,
  );

  it.each(labelled(attested))('%s was judged by a policy with the hash of ours', (_, exchange) => {
    const hash = String(claimsOf(tokenOf(exchange) ?? '')['x-ms-policy-hash']);
    expect([...recordedPolicies().keys()]).toContain(hash);
  });

  it('a signed policy is hashed as it is read back', () => {
    const signed = exchanges.filter(({ recording }) =>
      recording.name.startsWith('policy-modify-signed'),
    );
    const answers = signed.map((exchange) => tokenOf(exchange)).filter((one) => one !== undefined);
    const hashes = answers.map((token) => claimsOf(token)['x-ms-policy-token-hash']);
    const texts = answers.map((token) => policyJwsOf(token)).filter((one) => one !== undefined);
    const [sent] = hashes.filter((hash) => hash !== undefined);
    expect(texts.map(policyTokenHash)).toContain(sent);
  });
});

import { attestationDialect } from '@touchstone/server-attestation';
import { canonicalJson } from '@touchstone/claims';
import { INTEL_SGX_ROOT, verifyBinding, verifyQuote } from '@touchstone/verification';
import {
  claimsAsOurs,
  collateralFor,
  evidenceOf,
  partlyVerified,
  platformOf,
} from './recorded-attestations';
import { claimsOf, exchanges, labelled, payloadOf, replay, tokenOf } from './recordings';

const anchors = [INTEL_SGX_ROOT];

replay('recorded attestations', () => {
  const attested = exchanges.filter(
    ({ request }) => /^\/attest\/(Sgx|Open)Enclave$/.test(request.path) && request.body !== null,
  );
  const granted = attested.filter((exchange) => tokenOf(exchange) !== undefined);
  const refused = attested.filter(({ response }) => response.status === 400);

  it.each(labelled(attested))('%s has a quote of a genuine platform', (_, exchange) => {
    const { quote } = evidenceOf(exchange);
    const verified = partlyVerified(exchange);
    expect(verified.anchor).toBe('intel');
    expect(verified.collateral.expired).toEqual([]);
    expect(verified.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    const passed = verified.checks.filter(({ result }) => result === 'passed');
    expect(passed.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'trust-anchor',
        'pck-issuer',
        'qe-report-signature',
        'quote-signature',
      ]),
    );
    expect(quote.version).toBe(3);
  });

  const judged = attested.filter((exchange) => collateralFor(exchange) !== undefined);
  it.each(labelled(judged))('%s is genuine by all collateral of its platform', (_, exchange) => {
    const { collateral, at } = collateralFor(exchange) ?? {};
    if (collateral === undefined || at === undefined) throw new Error('collateral is expected');
    const verified = verifyQuote(evidenceOf(exchange).quote, collateral, { anchors, at });
    expect(verified.pck.fmspc).toBe(platformOf(exchange).fmspc);
    expect(verified.tcb.status).toBe('OutOfDate');
    expect(verified.collateral.expired).toEqual([]);
  });

  it.each(labelled(granted))('%s gets the claims that the service gave', (_, exchange) => {
    const payload = payloadOf(tokenOf(exchange) ?? '');
    const ours = canonicalJson(claimsAsOurs(exchange));
    // The oldest build put spaces into its JSON; ours is compact, as that of the later ones.
    expect(ours).toBe(payload.includes('": ') ? canonicalJson(JSON.parse(payload)) : payload);
    expect(JSON.parse(ours)).toEqual(claimsOf(tokenOf(exchange) ?? ''));
  });

  it.each(labelled(refused))('%s is refused with the same answer', (_, exchange) => {
    const { quote, runtimeData } = evidenceOf(exchange);
    expect(() => verifyBinding(quote, runtimeData.bytes)).toThrow(
      expect.objectContaining({ code: 'RUNTIME_DATA_MISMATCH' }),
    );
    const { error } = JSON.parse(exchange.response.body) as { error: { code: string } };
    expect(attestationDialect.table['ATTESTATION_BINDING']).toMatchObject({
      status: exchange.response.status,
      code: error.code,
    });
  });
});

import { attestationDialect, wireOutcome } from './error-table';

describe('the error table', () => {
  const rows = Object.entries(attestationDialect.table);

  it.each(rows)('%s has a status and a code of Azure’s form', (_code, { status, code }) => {
    expect(status === 503 || (status >= 400 && status < 500) || status === 500).toBe(true);
    if (code !== undefined && code !== 'Bad request') expect(code).toMatch(/^[A-Z][A-Za-z]+$/);
  });

  it('blames nobody’s evidence on the service', () => {
    const blamed = rows.filter(([code, { status }]) => code.startsWith('ATTEST') && status >= 500);
    expect(blamed.map(([code]) => code).sort()).toEqual([
      'ATTESTATION_COLLATERAL_UNAVAILABLE',
      'ATTESTATION_KEY_LOST',
      'ATTESTATION_KEY_UNAVAILABLE',
      'ATTESTATION_TEE_UNAVAILABLE',
    ]);
  });

  it('tells a record what the wire says', () => {
    expect(wireOutcome('ATTESTATION_POLICY_DENIED')).toEqual({
      status: 400,
      code: 'PolicyEvaluationError',
    });
    expect(wireOutcome('ATTESTATION_UNKNOWN_PROVIDER')).toEqual({ status: 404, code: 'NotFound' });
  });
});

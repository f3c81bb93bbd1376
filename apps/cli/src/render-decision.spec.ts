import type { DecisionRecord } from '@touchstone/decision';
import { renderDecision, renderDecisive } from './render-decision';

const refused: DecisionRecord = {
  requestId: '00-aa-bb-00',
  kind: 'release',
  service: 'key-vault',
  at: '2026-01-01T00:00:00.000Z',
  outcome: 'refused',
  status: 403,
  code: 'Forbidden',
  decisive: 'policy-x-ms-sgx-mrenclave',
  anchor: 'https://localhost:7010/sharedeus2',
  subject: { vault: 'local', key: 'digits' },
  facts: {},
  checks: [
    { name: 'token-signature', result: 'passed' },
    { name: 'policy-x-ms-sgx-mrenclave', result: 'failed', read: 'aa', expected: 'bb' },
  ],
};

describe('renderDecision', () => {
  it('shows what was decided, by which check, and why', () => {
    expect(renderDecision(refused)).toBe(
      [
        'release refused: 403 Forbidden',
        '  request  00-aa-bb-00',
        '  service  key-vault, 2026-01-01T00:00:00.000Z',
        '  vault    local',
        '  key      digits',
        '  anchor   https://localhost:7010/sharedeus2',
        '',
        '  ✓ token-signature',
        '  ✗ policy-x-ms-sgx-mrenclave  ← decided',
        '      read      aa',
        '      expected  bb',
        '',
      ].join('\n'),
    );
  });

  it('cuts long values', () => {
    const check = { name: 'long', result: 'noted', read: 'x'.repeat(500) } as const;
    const longest = renderDecision({ ...refused, checks: [check] })
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...longest)).toBeLessThan(130);
  });
});

describe('renderDecisive', () => {
  it('says in one line what decided', () => {
    expect(renderDecisive(refused)).toBe('policy-x-ms-sgx-mrenclave: read aa, expected bb');
  });

  it('falls back to the outcome of a grant', () => {
    const { decisive: _, ...granted } = refused;
    expect(renderDecisive({ ...granted, outcome: 'granted' })).toBe('granted');
  });
});

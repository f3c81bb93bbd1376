import { hasCode } from '@touchstone/errors';
import { CheckLog } from './check-log';
import {
  MAX_DECISION_RECORD_CHARACTERS,
  decodeDecisionRecord,
  encodeDecisionRecord,
  type DecisionRecord,
} from './decision-record';

function aRecord(read: string): DecisionRecord {
  const log = new CheckLog();
  log.passed('quote-signature');
  log.failed('tcb-level', { read, expected: '3', code: 'TCB_NOT_SUPPORTED' });
  return {
    requestId: '00-1-2-00',
    kind: 'attest',
    service: 'attestation-service',
    at: '2026-01-01T00:00:00Z',
    outcome: 'refused',
    status: 400,
    code: 'InvalidParameter',
    decisive: 'tcb-level',
    subject: { provider: 'sharedeus2' },
    facts: {},
    checks: log.checks,
  };
}

describe('decision records', () => {
  it('come back as they were', () => {
    const record = aRecord('2');
    expect(decodeDecisionRecord(encodeDecisionRecord(record))).toEqual(record);
  });

  it('shed texts when they grow too long, and keep names and codes', () => {
    const text = encodeDecisionRecord(aRecord('x'.repeat(MAX_DECISION_RECORD_CHARACTERS)));
    expect(text.length).toBeLessThan(1000);
    expect(decodeDecisionRecord(text).checks).toEqual([
      { name: 'quote-signature', result: 'passed' },
      { name: 'tcb-level', result: 'failed', code: 'TCB_NOT_SUPPORTED' },
    ]);
  });

  it.each(['{', '{}', 'null', '[]'])('refuses %s', (text) => {
    let caught: unknown;
    try {
      decodeDecisionRecord(text);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'DECISION_RECORD_INVALID')).toBe(true);
  });
});

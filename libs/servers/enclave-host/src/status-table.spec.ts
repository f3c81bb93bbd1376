import { STATUSES } from './status-table';

describe('the status table', () => {
  it.each([
    ['SGX_INVALID_MEASUREMENT', 'PERMISSION_DENIED'],
    ['VAULT_REFUSED', 'PERMISSION_DENIED'],
    ['ENCLAVE_DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    ['HOST_ENCLAVE_UNKNOWN', 'NOT_FOUND'],
    ['HOST_PCK_UNAVAILABLE', 'UNAVAILABLE'],
  ])('answers %s with %s', (code, status) => {
    expect(STATUSES[code]).toBe(status);
  });

  it('has no row for what only a defect can cause', () => {
    expect(STATUSES).not.toHaveProperty('HOST_PROCESSOR_UNREADABLE');
    expect(STATUSES).not.toHaveProperty('SGX_INVALID_FUSES');
  });
});

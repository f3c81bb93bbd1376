import { createAccessControl, unknownRoles } from './access';

describe('createAccessControl', () => {
  const assert = createAccessControl({
    reader: ['Attestation Reader'],
    writer: ['bbf86eb8-f7b4-4cce-96e4-18cddf81d86e'],
    other: ['Key Vault Reader'],
  });

  it.each([
    ['reader', 'read'],
    ['writer', 'read'],
    ['writer', 'write'],
  ] as const)('lets a %s %s', (oid, action) => {
    expect(() => assert({ oid }, action)).not.toThrow();
  });

  it.each([
    ['reader', 'write'],
    ['other', 'read'],
    ['nobody', 'read'],
    ['constructor', 'read'],
  ] as const)('does not let %s %s', (oid, action) => {
    expect(() => assert({ oid }, action)).toThrow(
      expect.objectContaining({ code: 'ATTESTATION_FORBIDDEN' }),
    );
  });

  it('knows which roles Azure does not have', () => {
    expect(unknownRoles(['Owner', 'Attestation Owner'])).toEqual(['Attestation Owner']);
  });
});

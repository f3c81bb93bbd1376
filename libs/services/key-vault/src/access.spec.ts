import { KEY_ACTIONS, createAccessControl, unknownRoles } from './access';

const principal = { oid: 'o1', appid: 'a1', tid: 't1' };

describe('createAccessControl', () => {
  it.each([
    ['Key Vault Crypto Officer', KEY_ACTIONS],
    ['14b46e9e-c2b7-41b4-b07b-48a6ebf60603', KEY_ACTIONS],
    ['Key Vault Crypto Service Release User', ['keys/release/action']],
    ['Key Vault Crypto User', ['keys/read', 'keys/update/action']],
    ['Key Vault Reader', ['keys/read']],
    ['Owner', []],
  ])('%s may do what Azure says', (role, actions) => {
    const access = createAccessControl({ o1: [role] });
    expect(KEY_ACTIONS.filter((action) => access.find(principal, action) !== undefined)).toEqual([
      ...actions,
    ]);
  });

  it('knows nobody whom it was not told of', () => {
    const access = createAccessControl({ o2: ['Key Vault Administrator'] });
    expect(access.find(principal, 'keys/read')).toBeUndefined();
    expect(access.find({ ...principal, oid: 'constructor' }, 'keys/read')).toBeUndefined();
  });

  it('names the same assignment with the same GUID', () => {
    const grant = () =>
      createAccessControl({ o1: ['Key Vault Reader'] }).find(principal, 'keys/read');
    expect(grant()).toEqual(grant());
    expect(grant()?.assignmentId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe('unknownRoles', () => {
  it('finds what Azure does not have', () => {
    expect(unknownRoles(['Key Vault Reader', 'Key Vault Emperor'])).toEqual(['Key Vault Emperor']);
  });
});

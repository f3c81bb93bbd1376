import * as face from './index';

describe('the public face', () => {
  it('is exactly this', () => {
    expect(Object.keys(face).sort()).toEqual([
      'CollateralError',
      'ENCLAVE_IDENTITY_IDS',
      'MAX_ADVISORIES',
      'MAX_ADVISORY_CHARACTERS',
      'MAX_DOCUMENT_CHARACTERS',
      'MAX_IDENTITY_LEVELS',
      'MAX_JSON_DEPTH',
      'MAX_JSON_VALUES',
      'MAX_TCB_LEVELS',
      'MAX_TDX_MODULE_IDENTITIES',
      'SGX_EXTENSION_OID',
      'SGX_TYPES',
      'SIGNATURE_BYTES',
      'TCB_COMPONENTS',
      'TCB_STATUSES',
      'collateralDigests',
      'encodeEnclaveIdentity',
      'encodePckExtension',
      'encodeTcbInfo',
      'parseEnclaveIdentity',
      'parsePckExtension',
      'parseTcbInfo',
      'signedDocument',
    ]);
  });
});

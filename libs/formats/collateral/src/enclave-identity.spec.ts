import { toUtf8 } from '@touchstone/bytes';
import { edited, failureOf, identityContent, signature } from './__fixtures__/documents';
import { encodeEnclaveIdentity } from './encode';
import { ENCLAVE_IDENTITY_IDS, parseEnclaveIdentity } from './enclave-identity';
import { signedDocument } from './signed-document';

const bodyOf = (content = identityContent): Uint8Array =>
  signedDocument('enclaveIdentity', encodeEnclaveIdentity(content), signature);

describe('parseEnclaveIdentity', () => {
  it.each(ENCLAVE_IDENTITY_IDS)('reads an identity of %s as it was written', (id) => {
    const content = { ...identityContent, id };
    expect(parseEnclaveIdentity(bodyOf(content))).toEqual({
      ...content,
      signedBytes: encodeEnclaveIdentity(content),
      signature,
    });
  });

  it('keeps the bytes of MISCSELECT in the order of a report', () => {
    const content = { ...identityContent, miscselect: Uint8Array.of(1, 0, 0, 0) };
    expect(toUtf8(encodeEnclaveIdentity(content))).toContain('"miscselect":"01000000"');
    expect(parseEnclaveIdentity(bodyOf(content)).miscselect).toEqual(Uint8Array.of(1, 0, 0, 0));
  });

  it('writes Intel’s member order', () => {
    expect(Object.keys(JSON.parse(toUtf8(encodeEnclaveIdentity(identityContent))))).toEqual([
      'id',
      'version',
      'issueDate',
      'nextUpdate',
      'tcbEvaluationDataNumber',
      'miscselect',
      'miscselectMask',
      'attributes',
      'attributesMask',
      'mrsigner',
      'isvprodid',
      'tcbLevels',
    ]);
  });

  it.each([
    ['an unknown id', '"id":"QE"', '"id":"PCE"'],
    ['a MISCSELECT of 3 bytes', '"miscselect":"00000000"', '"miscselect":"000000"'],
    ['attributes of 17 bytes', '"attributes":"11', '"attributes":"1111'],
    ['a signer that is not hex', '"mrsigner":"8C', '"mrsigner":"zz'],
    ['a product id of 65536', '"isvprodid":1', '"isvprodid":65536'],
    ['a level without its SVN', '"isvsvn":8', '"svn":8'],
    ['no nextUpdate', '"nextUpdate"', '"otherUpdate"'],
  ])('refuses %s', (_name, from, to) => {
    expect(failureOf(() => parseEnclaveIdentity(edited(bodyOf(), from, to)))).toBe(
      'ENCLAVE_IDENTITY_MALFORMED',
    );
  });

  it.each([1, 3])('refuses version %d', (version) => {
    const body = edited(bodyOf(), '"version":2', `"version":${version}`);
    expect(failureOf(() => parseEnclaveIdentity(body))).toBe('ENCLAVE_IDENTITY_VERSION');
  });

  it('refuses an identity without levels', () => {
    expect(
      failureOf(() => parseEnclaveIdentity(bodyOf({ ...identityContent, tcbLevels: [] }))),
    ).toBe('ENCLAVE_IDENTITY_MALFORMED');
  });

  it('refuses a TCB info', () => {
    const body = edited(bodyOf(), '"enclaveIdentity"', '"tcbInfo"');
    expect(failureOf(() => parseEnclaveIdentity(body))).toBe('ENCLAVE_IDENTITY_MALFORMED');
  });
});

describe('signedDocument', () => {
  it('refuses a signature of another length', () => {
    expect(failureOf(() => signedDocument('tcbInfo', new Uint8Array(), new Uint8Array(63)))).toBe(
      'COLLATERAL_JSON_MALFORMED',
    );
  });
});

import { metadataDocument } from './metadata';

describe('metadataDocument', () => {
  const document = metadataDocument('https://p.eus2.attest.azure.net');

  it('names its members in the order of the live service', () => {
    expect(Object.keys(document)).toEqual([
      'response_types_supported',
      'id_token_signing_alg_values_supported',
      'revocation_endpoint',
      'issuer',
      'jwks_uri',
      'claims_supported',
    ]);
  });

  it('builds its addresses on the provider', () => {
    expect(document).toMatchObject({
      issuer: 'https://p.eus2.attest.azure.net',
      jwks_uri: 'https://p.eus2.attest.azure.net/certs',
      revocation_endpoint: 'https://p.eus2.attest.azure.net/revoke',
    });
  });
});

// A program as its author would write it for Azure: only the addresses are others. Runs in a process of its own,
// because Node reads NODE_EXTRA_CA_CERTS once, when it starts.
import { ClientSecretCredential } from '@azure/identity';
import { KeyClient } from '@azure/keyvault-keys';

const {
  AUTHORITY,
  TENANT,
  CLIENT_ID,
  CLIENT_SECRET,
  VAULT_URL,
  RELEASE_POLICY,
  ATTESTATION_TOKEN,
} = process.env;

const credential = new ClientSecretCredential(TENANT, CLIENT_ID, CLIENT_SECRET, {
  authorityHost: AUTHORITY,
  disableInstanceDiscovery: true,
});
const client = new KeyClient(VAULT_URL, credential, { disableChallengeResourceVerification: true });

try {
  const created = await client.createKey('official', 'RSA-HSM', {
    exportable: true,
    releasePolicy: { encodedPolicy: Buffer.from(RELEASE_POLICY) },
  });
  const { value } = await client.releaseKey('official', ATTESTATION_TOKEN, {
    algorithm: 'RSA_AES_KEY_WRAP_256',
  });
  console.log(JSON.stringify({ kid: created.id, value }));
} catch (error) {
  console.log(
    JSON.stringify({
      name: error.name,
      code: error.code,
      statusCode: error.statusCode,
      message: error.message,
    }),
  );
}

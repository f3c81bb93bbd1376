// The official client in a process of its own, because it reads NODE_EXTRA_CA_CERTS once, at its start.
// Prints what it got as one JSON document; a refusal as {"error": …}.
import { ClientSecretCredential } from '@azure/identity';

const { authority, tenant, clientId, secret, scopes } = JSON.parse(process.argv[2]);
const credential = new ClientSecretCredential(tenant, clientId, secret, {
  authorityHost: authority,
  disableInstanceDiscovery: true,
});

try {
  const tokens = [];
  for (const scope of scopes) tokens.push(await credential.getToken(scope));
  process.stdout.write(JSON.stringify({ tokens }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: { name: error.name, message: error.message } }));
}

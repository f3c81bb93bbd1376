// The program of a provider's owner, who knows nothing of us: Microsoft's clients, configured by their own variables.
// Prints one JSON document: what each step gave, or how it was refused.
import { readFile } from 'node:fs/promises';
import {
  AttestationAdministrationClient,
  AttestationClient,
  KnownAttestationType,
} from '@azure/attestation';
import { EnvironmentCredential } from '@azure/identity';

const [isolated, shared, keyFile, certificateFile, policyFile, quoteFile] = process.argv.slice(2);
const text = (file) => readFile(file, 'utf8');
const { SgxEnclave } = KnownAttestationType;

const credential = new EnvironmentCredential({ disableInstanceDiscovery: true });
const optionsFor = (endpoint) => ({
  validationOptions: {
    validateToken: true,
    validateIssuer: true,
    expectedIssuer: endpoint,
    timeValidationSlack: 5,
  },
});
const ownerOf = (endpoint) =>
  new AttestationAdministrationClient(endpoint, credential, optionsFor(endpoint));

const refused = ({ statusCode, code, message, response }) => ({
  statusCode,
  code,
  message,
  requestId: response?.headers.get('x-ms-request-id'),
});
const attempt = (work) => work.then((done) => done, refused);

const signer = { privateKey: await text(keyFile), certificate: await text(certificateFile) };
const policy = await text(policyFile);
const quote = await readFile(quoteFile);
const owner = ownerOf(isolated);
const resolution = ({ body }) => body.policyResolution;

const steps = {
  // Somebody put a signed document there before: it is what is read.
  found: (await owner.getPolicy(SgxEnclave)).body,
  denied: await attempt(
    new AttestationClient(isolated, optionsFor(isolated))
      .attestSgxEnclave(quote)
      .then(() => 'granted'),
  ),
  reset: await attempt(owner.resetPolicy(SgxEnclave, signer).then(resolution)),
  granted: await attempt(
    new AttestationClient(isolated, optionsFor(isolated))
      .attestSgxEnclave(quote)
      .then(({ body }) => body.svn),
  ),
  set: await attempt(owner.setPolicy(SgxEnclave, policy, signer).then(resolution)),
  unsigned: await attempt(owner.setPolicy(SgxEnclave, policy).then(resolution)),
  kept: (await owner.getPolicy(SgxEnclave)).body === policy,
  signers: (await owner.getPolicyManagementCertificates()).body.length,
  tpm: await attempt(
    new AttestationClient(isolated, credential).attestTpm('{"payload":{"type":"aikcert"}}'),
  ),
  shared: await attempt(ownerOf(shared).setPolicy(SgxEnclave, policy).then(resolution)),
};
process.stdout.write(JSON.stringify(steps));

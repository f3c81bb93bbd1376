import { randomBytes } from 'node:crypto';
import { createSecretSharingClient } from '@touchstone/enclave-rpc';
import { castFor } from '../../exchange/cast';
import type { Scenario, Stage } from '../../frame/scenario';
import { openAttestationProvider } from '../../provider/attestation-provider';
import { openStorageAccount } from '../../storage/storage-account';
import { shareAttachedData } from './attached-data';
import { obtainToken, type Meeting } from './attested-token';
import { REFUSALS } from './expected-refusals';
import { CLIENT, judgeToken, type Expectations } from './relying-client';
import { shareStoredData } from './stored-data';

const NONCE_BYTES = 32;
const SERVER = 'server';
const PROVIDER = 'scenario3';

/** Scenario 3: a client that is no enclave shares its key with one, on the word of the attestation service. */
export const AZURE_ATTESTATION: Scenario = {
  name: '3',
  title: 'a client attests a server by Azure Attestation and shares its data',
  choices: { model: ['passport', 'background-check'] },
  attacks: () => REFUSALS,
  run: async (stage) => {
    const { world, narrator } = stage;
    const provider = await openAttestationProvider(world, PROVIDER);
    narrator.step(
      CLIENT,
      'makes an attestation provider, and sets its policy',
      { client: '@azure/attestation, unmodified', provider: provider.url, policy: provider.policy },
      'Whoever relies on an attestation service decides under which policy it attests.',
    );
    const storage = await openStorageAccount(world, process.env);
    const machine = await world.machine(SERVER, {
      env: {
        ENCLAVE_HOST_SECRET_SHARING: 'azure',
        ENCLAVE_HOST_ATTESTATION_URLS: provider.url,
        ENCLAVE_HOST_STORAGE_URLS: storage.url,
      },
    });
    narrator.step('all parties', 'are running', {
      'enclave host': machine.url,
      'attestation provider': provider.url,
      'storage account': storage.url,
    });
    const cast = await castFor(world, world.enclavesFolder, { unattestedKeys: true });
    const server = await cast.load(SERVER, machine);
    narrator.step(SERVER, 'loads its enclave', {
      enclave: server.enclaveId,
      mrenclave: server.mrEnclave,
    });
    const wire = createSecretSharingClient({
      url: machine.url,
      ca: world.ca,
      variant: 'azure',
      enclaveId: server.enclaveId,
    });
    world.closeLater(() => wire.close());
    const expected: Expectations = {
      provider: provider.url,
      ca: world.ca,
      mrEnclave: server.mrEnclave,
      mrSigner: server.mrSigner,
      configId: server.configId,
      minimumSvn: cast.enclave.svn,
    };
    const accomplices = cast.accomplices(world, machine, false);
    const attested = await attestServer(stage, { server, wire, accomplices, expected });
    await shareAttachedData(stage, SERVER, wire, attested);
    await shareStoredData(stage, server, cast.enclave, provider.url, storage);
    await server.terminate();
    narrator.step(SERVER, 'terminates the enclave');
  },
};

async function attestServer(stage: Stage, meeting: Meeting) {
  const { narrator, chosen, attack } = stage;
  const { expected } = meeting;
  const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
  if (attack !== undefined) {
    narrator.step('man in the middle', `stands in the server's place: ${attack}`);
  }
  const passport = chosen.model === 'passport';
  const token = await obtainToken(stage, meeting, nonce);
  narrator.step(
    passport ? SERVER : CLIENT,
    passport
      ? 'has its evidence judged by the attestation service, and hands the token on (passport)'
      : 'takes the evidence to the attestation service itself (background check)',
    { token: `${token.length} characters`, issuer: expected.provider },
    passport
      ? 'The attester carries the verdict, as a traveller a passport: the client never sees the quote.'
      : 'The relying party asks the verifier: the server never sees the token.',
  );
  const attested = await judgeToken(token, nonce, expected, new Date());
  const { claims, checks } = attested;
  narrator.step(
    CLIENT,
    'collects the signing certificates, and verifies the token and the enclave in it',
    {
      issuer: String(claims['iss']),
      mrenclave: String(claims['x-ms-sgx-mrenclave']),
      mrsigner: String(claims['x-ms-sgx-mrsigner']),
      svn: Number(claims['x-ms-sgx-svn']),
      debuggable: claims['x-ms-sgx-is-debuggable'] === true,
      checks: checks.join(', '),
    },
    'Signature and issuer say that the service speaks; the claims say of which enclave; the nonce says that it is now.',
  );
  return attested;
}

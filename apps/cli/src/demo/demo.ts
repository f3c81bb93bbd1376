import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { toHex } from '@touchstone/bytes';
import { createEnclaveHostClient, type TrainerProgress } from '@touchstone/enclave-rpc';
import { decryptModel, heldOutAccuracy } from '@touchstone/image-classifier';
import { createHttpClient } from '@touchstone/http-client';
import { releasePolicyFor, storeDataKey } from '@touchstone/data-owner';
import { loadDigits } from '@touchstone/digits';
import type { Narrator, Step } from '@touchstone/narrator';
import {
  fetchDecision,
  ownerAccount,
  serviceUrl,
  type Endpoints,
} from '@touchstone/server-ecosystem';
import {
  newEnclaveAuthor,
  readBuiltEnclave,
  withOneByteChanged,
} from '@touchstone/server-enclave-host';
import { encryptAsOwner } from './data-owner';
import { refuseEnclave, refuseKeySwap, type RefusalReport, type RefusalTools } from './refusals';
import { runTrainer } from './trainer-run';

/** What the demo shows, and what `--json` prints. */
export interface DemoReport {
  readonly released: boolean;
  /** Share of the held-out digits that the model classifies right, as the owner counts it. */
  readonly accuracy: number;
  readonly mrenclave: string;
  readonly mrsigner: string;
  readonly attestRequestId: string;
  readonly releaseRequestId: string;
  readonly refusals: readonly RefusalReport[];
  readonly steps: readonly Step[];
}

const PROVIDER = 'sharedeus2';

/** 500 of each digit; the last 1,000 of them are held out. */
const DIGITS = { each: 500, training: 4000 };

/** The attested key release on a running ecosystem, and three attempts that must fail. */
export async function runDemo(
  endpoints: Endpoints,
  enclavesFolder: string,
  narrator: Narrator,
): Promise<DemoReport> {
  const ca = await readFile(endpoints.ca, 'utf8');
  const http = createHttpClient({ ca });
  const host = createEnclaveHostClient({ url: serviceUrl(endpoints, 'enclave-host'), ca });
  const attestationUrl = `${serviceUrl(endpoints, 'attestation-service')}/${PROVIDER}`;
  try {
    const author = await newEnclaveAuthor(new Date());
    const trainer = await readBuiltEnclave(enclavesFolder, 'trainer');
    const enclave = author.sign('trainer', trainer.code, trainer.manifest);
    const mrenclave = toHex(enclave.mrEnclave);
    const mrsigner = toHex(enclave.mrSigner);
    narrator.step('enclave author', 'measures and signs the trainer (SIGSTRUCT, RSA-3072)', {
      code: `${trainer.code.length} bytes`,
      mrenclave,
      mrsigner,
    });

    const digits = { ...(await loadDigits(DIGITS.each)), training: DIGITS.training };
    const owner = encryptAsOwner(digits);
    narrator.step('data owner', 'encrypts handwritten digits with AES-256-GCM', {
      digits: `${digits.training} to learn from, ${digits.labels.length - digits.training} held out`,
      'cipher text': `${owner.encrypted.length} bytes, sha256 ${owner.encryptedSha256.slice(0, 16)}…`,
    });

    const keyId = await storeDataKey(ownerAccount(endpoints, ca), {
      name: 'digits',
      key: owner.dataKey,
      releasePolicy: releasePolicyFor(enclave, attestationUrl),
    });
    narrator.step('data owner', 'puts the data key into the key vault, with a release policy', {
      client: '@azure/keyvault-keys, unmodified',
      key: keyId,
      policy: `authority, mrenclave, mrsigner, svn >= ${enclave.svn}, not debuggable`,
    });

    const { id: enclaveId } = await host.loadEnclave({ bundle: enclave.bundle, debug: false });
    narrator.step('enclave host', 'loads the trainer: ECREATE, EADD, EEXTEND, EINIT', {
      enclave: enclaveId,
    });

    const order = { attestationUrl, keyId, encrypted: owner.encrypted };
    const requestIds = { attest: '', release: '' };
    const result = await runTrainer(host, { ...order, enclaveId }, (progress) => {
      if (progress.stage === 'TRAINER_STAGE_ATTESTED') requestIds.attest = progress.requestId;
      if (progress.stage === 'TRAINER_STAGE_RELEASED') requestIds.release = progress.requestId;
      tellProgress(narrator, progress);
    });
    const model = decryptModel(result.encryptedModel, owner.dataKey);
    const accuracy = heldOutAccuracy(model, digits);
    narrator.step('data owner', 'decrypts the model and tries it too', {
      'passes over the data': result.epochs,
      accuracy,
      'accuracy the enclave reported': result.accuracy,
    });

    const tools: RefusalTools = {
      host,
      order,
      decisionOf: (requestId) => fetchDecision(endpoints, http, requestId),
    };
    const changed = author.sign(
      'trainer-changed',
      withOneByteChanged(trainer.code),
      trainer.manifest,
    );
    const refusals: RefusalReport[] = [];
    const tell = (who: string, what: string, refusal: RefusalReport): void => {
      refusals.push(refusal);
      narrator.step(who, what, refusalValues(refusal));
    };
    tell(
      'key vault',
      'refuses an enclave with one byte changed',
      await refuseEnclave('enclave-with-one-byte-changed', tools, changed, false),
    );
    tell(
      'key vault',
      'refuses the same enclave in debug mode',
      await refuseEnclave('debug-enclave', tools, enclave, true),
    );
    tell(
      'attestation service',
      "refuses a token for another key than the enclave's",
      await refuseKeySwap('token-for-another-key', tools, enclaveId, anotherKey()),
    );
    await host.terminateEnclave({ enclaveId });
    return {
      released: true,
      accuracy,
      mrenclave,
      mrsigner,
      attestRequestId: requestIds.attest,
      releaseRequestId: requestIds.release,
      refusals,
      steps: narrator.steps,
    };
  } finally {
    host.close();
    await http.close();
  }
}

function tellProgress(narrator: Narrator, progress: TrainerProgress): void {
  const { stage, requestId } = progress;
  if (stage === 'TRAINER_STAGE_QUOTED') {
    narrator.step('trainer enclave', 'makes a key pair and has it quoted: EREPORT, QE, PCE');
  } else if (stage === 'TRAINER_STAGE_ATTESTED') {
    narrator.step('attestation service', 'judges the quote and signs a token', {
      request: requestId,
    });
  } else if (stage === 'TRAINER_STAGE_RELEASED') {
    narrator.step('key vault', "judges the token and releases the key, wrapped to the enclave's", {
      request: requestId,
    });
  } else if (stage === 'TRAINER_STAGE_DECRYPTED') {
    narrator.step('trainer enclave', 'unwraps the key and opens the data set, inside');
  } else if (stage === 'TRAINER_STAGE_EVALUATED') {
    narrator.step('trainer enclave', 'trains a classifier and tries it on the held-out digits');
  }
}

const refusalValues = (refusal: RefusalReport): Step['values'] => ({
  answer: `${refusal.status} ${refusal.code}`,
  decisive: refusal.decisive,
  ...(refusal.read !== undefined && { read: refusal.read }),
  ...(refusal.expected !== undefined && { expected: refusal.expected }),
  request: refusal.requestId,
});

/** A key pair of the host's own: what a man in the middle would like the data key to be wrapped to. */
function anotherKey(): { n: string; e: string } {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { n, e };
}

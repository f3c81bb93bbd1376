import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import { encodeKeyEvidence, makeKeyEvidence } from '@touchstone/enclave-key-release';
import type { Ecall, Enclave } from '@touchstone/enclave-sdk';
import { decodeAddressed } from '../addressed';
import { Study } from './study';
import type { StudyTools } from './study';

const NOTHING = new Uint8Array();
const TARGET_INFO_BYTES = 512;
const LOG_OCALL = 'log';

/** The enclave's entry points, around one key pair and one study; `README.md` says what goes in and out. */
export function createJointTrainer(tools: StudyTools) {
  const study = new Study(tools);
  return {
    configure: async (plan, enclave) => {
      study.configure(plan, enclave);
      return NOTHING;
    },
    evidence: async (nonce, enclave) => {
      const { publicJwk } = await tools.keyPair;
      return encodeKeyEvidence(await makeKeyEvidence(publicJwk, nonce, enclave));
    },
    report: async (payload, enclave) => {
      const { publicJwk } = await tools.keyPair;
      const nonce = payload.subarray(TARGET_INFO_BYTES);
      const key = sha256(fromUtf8(JSON.stringify(publicJwk)));
      return enclave.getReport(payload.slice(0, TARGET_INFO_BYTES), concat(key, nonce));
    },
    data: async (payload) => {
      const { name, content } = decodeAddressed(payload);
      study.take(name, content);
      return NOTHING;
    },
    open: async (payload, enclave) => {
      const { name } = decodeAddressed(payload);
      const images = await study.open(name, enclave);
      await tell(enclave, `${name} has released its key: ${images} images are open inside`);
      return NOTHING;
    },
    train: async (_payload, enclave) => {
      await study.train(async ({ epoch, epochs, loss }) => {
        await tell(enclave, `pass ${epoch} of ${epochs}, loss ${loss.toFixed(4)}`);
      });
      return NOTHING;
    },
    model: async (payload) => study.modelFor(decodeAddressed(payload).name),
    infer: async (payload) => {
      const { name, content } = decodeAddressed(payload);
      return study.answer(name, content);
    },
  } satisfies Record<string, Ecall>;
}

/** For whoever follows the log of the host: nothing of it is of one participant but the number of its images. */
async function tell(enclave: Enclave, text: string): Promise<void> {
  await enclave.ocall(LOG_OCALL, fromUtf8(text));
}

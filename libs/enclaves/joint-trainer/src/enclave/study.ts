import { equal, sha256 } from '@touchstone/bytes';
import type { obtainKey } from '@touchstone/enclave-key-release';
import type { Enclave, RsaKeyPair } from '@touchstone/enclave-sdk';
import type { Dataset, EpochReport, Model } from '@touchstone/image-classifier';
import { classify, decryptDataset, encryptModel, train } from '@touchstone/image-classifier';
import type { Random } from '@touchstone/ports';
import { decryptRequest, encryptAnswer } from '../inference';
import { JointTrainerError } from '../joint-trainer-error';
import { decodePlan } from '../plan';
import type { Participant, StudyPlan } from '../plan';
import { joinShares } from './join-shares';

/** What the enclave holds for one participant; none of it leaves but to that participant. */
interface Holding extends Participant {
  encrypted?: Uint8Array;
  key?: Uint8Array;
  share?: Dataset;
  /** Number of the last request that was answered. */
  answered: number;
}

export interface StudyTools {
  readonly keyPair: Promise<RsaKeyPair>;
  readonly random: Random;
  readonly obtain: typeof obtainKey;
}

/** One study: a plan, the participants' data and keys, in the end their model. */
export class Study {
  readonly #tools: StudyTools;
  #plan: StudyPlan | undefined;
  #holdings: ReadonlyMap<string, Holding> = new Map();
  #model: Model | undefined;

  constructor(tools: StudyTools) {
    this.#tools = tools;
  }

  /** PLAN_INVALID, CONFIGURATION_MISMATCH. The CONFIGID lets one plan in; a second time nothing changes. */
  configure(bytes: Uint8Array, enclave: Pick<Enclave, 'verifyConfiguration'>): void {
    enclave.verifyConfiguration(bytes);
    if (this.#plan !== undefined) return;
    this.#plan = decodePlan(bytes);
    this.#holdings = new Map(
      this.#plan.participants.map((one) => [one.name, { ...one, answered: -1 }]),
    );
  }

  /** PARTICIPANT_UNKNOWN, DATA_NOT_IN_PLAN. */
  take(name: string, encrypted: Uint8Array): void {
    const holding = this.#holding(name);
    if (!equal(sha256(encrypted), holding.dataSha256)) {
      throw new JointTrainerError('DATA_NOT_IN_PLAN', `the plan has other data of ${name}`, {
        field: 'dataSha256',
      });
    }
    holding.encrypted = encrypted.slice();
  }

  /** Has a participant's vault release its key, and opens its data. Answers with the number of images. DATA_MISSING. */
  async open(name: string, enclave: Enclave): Promise<number> {
    const holding = this.#holding(name);
    const { attestationUrl } = this.#required();
    const { encrypted } = holding;
    if (encrypted === undefined) {
      throw new JointTrainerError('DATA_MISSING', `there is no data of ${name} yet`);
    }
    const { keyPair, random, obtain } = this.#tools;
    const request = { keyPair: await keyPair, random, attestationUrl, keyId: holding.keyId };
    const key = await obtain(enclave, request);
    const share = decryptDataset(encrypted, key);
    Object.assign(holding, { key, share });
    return share.training;
  }

  /** RELEASES_MISSING, SHARES_DIFFER. The data is let go of when the model is there. */
  async train(onEpoch: (report: EpochReport) => Promise<void>): Promise<void> {
    this.#required();
    if (this.#model !== undefined) return;
    const holdings = [...this.#holdings.values()];
    const missing = holdings.filter(({ share }) => share === undefined).map(({ name }) => name);
    const [first, ...others] = holdings.flatMap(({ share }) => share ?? []);
    if (missing.length > 0 || first === undefined) {
      throw new JointTrainerError('RELEASES_MISSING', `no key yet of ${missing.join(', ')}`, {
        field: 'participants',
      });
    }
    const { model } = await train(joinShares([first, ...others]), onEpoch);
    this.#model = model;
    for (const holding of holdings) {
      holding.share?.pixels.fill(0);
      delete holding.share;
      delete holding.encrypted;
    }
  }

  /** The model for one participant, under a key derived from its data key. MODEL_MISSING. */
  modelFor(name: string): Uint8Array {
    return encryptModel(this.#trained(), keyOf(this.#holding(name)), this.#tools.random);
  }

  /** MODEL_MISSING, INFERENCE_REFUSED, INFERENCE_MALFORMED, INFERENCE_REPLAYED. */
  answer(name: string, box: Uint8Array): Uint8Array {
    const holding = this.#holding(name);
    const model = this.#trained();
    const { number, pixels } = decryptRequest(box, keyOf(holding));
    if (pixels.length !== model.rows * model.columns) {
      throw new JointTrainerError('INFERENCE_MALFORMED', 'the image has another size', {
        field: 'pixels',
      });
    }
    if (number <= holding.answered) {
      throw new JointTrainerError('INFERENCE_REPLAYED', 'this request was answered before', {
        field: 'number',
      });
    }
    holding.answered = number;
    const label = classify(model, pixels);
    return encryptAnswer({ number, label }, keyOf(holding), this.#tools.random);
  }

  #required(): StudyPlan {
    if (this.#plan !== undefined) return this.#plan;
    throw new JointTrainerError('PLAN_MISSING', 'the enclave has no plan yet');
  }

  #holding(name: string): Holding {
    this.#required();
    const holding = this.#holdings.get(name);
    if (holding !== undefined) return holding;
    throw new JointTrainerError('PARTICIPANT_UNKNOWN', 'the plan does not name this participant', {
      field: 'name',
    });
  }

  #trained(): Model {
    this.#required();
    if (this.#model !== undefined) return this.#model;
    throw new JointTrainerError('MODEL_MISSING', 'the joint model is not trained yet');
  }
}

/** A model is trained with every key there. */
function keyOf({ key }: Holding): Uint8Array {
  if (key !== undefined) return key;
  throw new JointTrainerError('MODEL_MISSING', 'the joint model is not trained yet');
}

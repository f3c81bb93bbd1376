import type { Digits } from '@touchstone/digits';
import { ClassifierError } from '@touchstone/image-classifier';
import type { Stage } from '../../frame/scenario';
import type { Hospital } from './hospital';
import type { Study } from './study';
import { ENCLAVE, type StudyEnclave } from './study-enclave';

/** By how much the joint model has to be better than the best of the others, for the study to be worth it. */
const WORTH_IT = 0.05;

export interface Comparison {
  /** By hospital, of a model that was trained on its images alone. */
  readonly alone: ReadonlyMap<string, number>;
  readonly heldOut: Digits;
}

/** Trains on everything, hands the model to each hospital, and says what it was good for. */
export async function learnJointly(
  { narrator, check }: Stage,
  { hospitals }: Study,
  enclave: StudyEnclave,
  { alone, heldOut }: Comparison,
): Promise<void> {
  await enclave.train();
  narrator.step(ENCLAVE, 'has trained on the images of all hospitals', {
    images: hospitals.reduce((sum, { share }) => sum + share.training, 0),
  });
  const joint: number[] = [];
  const boxes: Uint8Array[] = [];
  for (const hospital of hospitals) {
    const box = await enclave.modelFor(hospital);
    const accuracy = hospital.accuracyOf(hospital.openModel(box), heldOut);
    boxes.push(box);
    joint.push(accuracy);
    narrator.step(hospital.name, 'opens the joint model with its own key', {
      'accuracy alone': alone.get(hospital.name) ?? 0,
      'accuracy jointly': accuracy,
    });
  }
  const best = Math.max(...alone.values());
  const worst = Math.min(...joint);
  check({
    name: 'the joint model is clearly better than that of any hospital alone',
    ok: worst >= best + WORTH_IT,
    read: percent(worst),
    expected: `at least ${percent(best + WORTH_IT)}, the best alone being ${percent(best)}`,
  });
  const readers = hospitals.map((hospital) => boxes.filter((box) => opens(hospital, box)).length);
  check({
    name: 'each hospital can open the model that is for it, and no other',
    ok: readers.every((count) => count === 1),
    read: readers.join(', '),
    expected: hospitals.map(() => 1).join(', '),
  });
}

function opens(hospital: Hospital, box: Uint8Array): boolean {
  try {
    hospital.openModel(box);
    return true;
  } catch (error) {
    if (error instanceof ClassifierError && error.code === 'MODEL_REFUSED') return false;
    throw error;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

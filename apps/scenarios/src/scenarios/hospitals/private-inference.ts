import type { Digits } from '@touchstone/digits';
import { Refused } from '../../frame/refused';
import type { Stage } from '../../frame/scenario';
import type { Hospital } from './hospital';
import { imageAt } from './shares';
import type { Study } from './study';
import { ENCLAVE, type StudyEnclave } from './study-enclave';

/** Images that each hospital asks about, among them all digits, those too that it hardly ever sees. */
const QUESTIONS = 50;
/** Of the model's accuracy, less what so few images may deviate by. */
const RIGHT_AT_LEAST = 0.7;

/** Each hospital has images read by the joint model: what the host carries is encrypted both ways. */
export async function inferPrivately(
  { narrator, check }: Stage,
  { hospitals }: Study,
  enclave: StudyEnclave,
  heldOut: Digits,
): Promise<void> {
  let overheard = 0;
  for (const hospital of hospitals) {
    let right = 0;
    for (let index = 0; index < QUESTIONS; index++) {
      const { request, read } = hospital.ask(imageAt(heldOut, index));
      const answer = await enclave.infer(hospital, request);
      if (read(answer) === heldOut.labels[index]) right++;
      overheard += hospitals.filter((one) => one !== hospital && one.canRead(answer)).length;
    }
    narrator.step(
      hospital.name,
      'sends encrypted images to the enclave, and reads its encrypted answers',
      { images: QUESTIONS, 'read right': right },
    );
    check({
      name: `${hospital.name} has its images read in private`,
      ok: right >= QUESTIONS * RIGHT_AT_LEAST,
      read: `${right} of ${QUESTIONS} right`,
      expected: `at least ${QUESTIONS * RIGHT_AT_LEAST}`,
    });
  }
  check({
    name: 'nobody can read an answer to another',
    ok: overheard === 0,
    read: `${overheard} answers`,
    expected: '0 answers',
  });
  const [first] = hospitals;
  if (first !== undefined) await askTwice({ check }, first, enclave, heldOut);
}

/** The host sends on what it has recorded. */
async function askTwice(
  { check }: Pick<Stage, 'check'>,
  hospital: Hospital,
  enclave: StudyEnclave,
  heldOut: Digits,
): Promise<void> {
  const { request } = hospital.ask(imageAt(heldOut, 0));
  await enclave.infer(hospital, request);
  const refusal = await enclave.infer(hospital, request).then(
    () => undefined,
    (error: unknown) => error,
  );
  const code = refusal instanceof Refused ? refusal.code : 'it answered';
  check({
    name: `the ${ENCLAVE} answers a request once`,
    ok: code === 'INFERENCE_REPLAYED',
    read: code,
    expected: 'INFERENCE_REPLAYED',
  });
}

// What a participant needs. The enclave itself is `enclave/main.ts`, which is bundled and measured, never imported.
export { encodeAddressed } from './addressed';
export { decryptAnswer, encryptRequest } from './inference';
export type { InferenceRequest } from './inference';
export { JointTrainerError } from './joint-trainer-error';
export type { JointTrainerErrorCode } from './joint-trainer-error';
export { decodePlan, encodePlan } from './plan';
export type { Participant, StudyPlan } from './plan';

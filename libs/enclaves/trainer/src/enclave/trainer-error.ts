import { CodedError } from '@touchstone/errors';

/** TRAINER_NOTHING_HELD_OUT: a data set that leaves nothing to try the model on. */
export class TrainerError extends CodedError<'TRAINER_NOTHING_HELD_OUT'> {}

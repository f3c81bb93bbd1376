import { CodedError } from '@touchstone/errors';

/** A list of numbers on the guide's wire that are no bytes. */
export class WireBytesError extends CodedError<'RPC_NOT_BYTES'> {}

/** One number for each byte; a signed byte (as clients without unsigned ones send it) is the same byte. @throws WireBytesError */
export function bytesOf(numbers: readonly number[], field: string): Uint8Array {
  for (const number of numbers) {
    if (number < -0x80 || number > 0xff) {
      throw new WireBytesError('RPC_NOT_BYTES', `${field} has a number that is no byte`, { field });
    }
  }
  return Uint8Array.from(numbers);
}

export const numbersOf = (bytes: Uint8Array): number[] => Array.from(bytes);

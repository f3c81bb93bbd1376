import { ByteReader, ByteWriter, concat, fromUtf8, toUtf8 } from '@touchstone/bytes';
import { JointTrainerError } from './joint-trainer-error';

/** What a host hands in for one participant. */
export interface Addressed {
  /** The participant's name. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** Length of the name u8 ‖ name, UTF-8 ‖ content. */
export function encodeAddressed(name: string, content: Uint8Array = new Uint8Array()): Uint8Array {
  const text = fromUtf8(name);
  return concat(new ByteWriter().u8('length', text.length).finish(), text, content);
}

/** @throws JointTrainerError REQUEST_INVALID */
export function decodeAddressed(bytes: Uint8Array): Addressed {
  try {
    const reader = new ByteReader(bytes);
    const name = toUtf8(reader.bytes('name', reader.u8('length')), 'name');
    return { name, content: bytes.subarray(reader.offset) };
  } catch (cause) {
    throw new JointTrainerError('REQUEST_INVALID', 'the request names nobody', {
      field: 'name',
      cause,
    });
  }
}

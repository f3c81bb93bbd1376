import { randomBytes } from 'node:crypto';
import type { Random } from '@touchstone/ports';

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

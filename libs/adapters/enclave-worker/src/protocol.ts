/** Bytes that one ECALL or OCALL may carry, either way. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Longest name of an ECALL or OCALL. */
export const MAX_NAME_CHARACTERS = 64;
/** Longest text of an error that crosses the boundary. */
export const MAX_ERROR_CHARACTERS = 512;
/** OCALLs that an enclave may have open at a time. */
export const MAX_OPEN_OCALLS = 64;

/** What goes into the enclave. */
export type ToEnclave =
  | {
      readonly kind: 'ecall';
      readonly id: number;
      readonly name: string;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly payload: Uint8Array }
  | {
      readonly kind: 'refusal';
      readonly id: number;
      readonly code: string;
      readonly message: string;
    };

/** What comes out of it, believed only after `readFromEnclave`. */
export type FromEnclave =
  | { readonly kind: 'ready'; readonly ecalls: readonly string[] }
  | { readonly kind: 'returned'; readonly id: number; readonly payload: Uint8Array }
  | { readonly kind: 'threw'; readonly id: number; readonly code: string; readonly message: string }
  | {
      readonly kind: 'ocall';
      readonly id: number;
      /** The ECALL that it belongs to. */
      readonly ecall: number;
      readonly name: string;
      readonly payload: Uint8Array;
    };

/** What the processor is asked for, believed only after `readInstruction`. */
export interface Instruction {
  readonly name: 'EREPORT' | 'EGETKEY';
  readonly operands: readonly Uint8Array[];
}

/** What it answers. */
export type InstructionAnswer =
  | { readonly kind: 'answer'; readonly payload: Uint8Array }
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string };

const MAX_ECALLS = 64;

/** The message, or undefined when it is none: an enclave that breaks the protocol is ended. */
export function readFromEnclave(
  value: unknown,
  maxBytes = MAX_MESSAGE_BYTES,
): FromEnclave | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, id, ecall, name, code, message, payload, ecalls } = value as Record<
    string,
    unknown
  >;
  if (kind === 'ready') {
    return isNameList(ecalls) ? { kind, ecalls } : undefined;
  }
  if (!isId(id)) return undefined;
  switch (kind) {
    case 'returned':
      return isPayload(payload, maxBytes) ? { kind, id, payload } : undefined;
    case 'threw':
      return isText(code, MAX_NAME_CHARACTERS) && isText(message, MAX_ERROR_CHARACTERS)
        ? { kind, id, code, message }
        : undefined;
    case 'ocall':
      return isId(ecall) && isText(name, MAX_NAME_CHARACTERS) && isPayload(payload, maxBytes)
        ? { kind, id, ecall, name, payload }
        : undefined;
    default:
      return undefined;
  }
}

/** The instruction, or undefined when it is none. */
export function readInstruction(value: unknown): Instruction | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, operands } = value as Record<string, unknown>;
  return (name === 'EREPORT' || name === 'EGETKEY') && isOperands(operands)
    ? { name, operands }
    : undefined;
}

const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value);

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max;

// Exactly the bytes and nothing behind them: a view into a larger buffer would carry enclave memory out with it.
const isPayload = (value: unknown, max: number): value is Uint8Array =>
  value instanceof Uint8Array &&
  value.byteLength <= max &&
  value.buffer.byteLength === value.byteLength;

const MAX_OPERAND_BYTES = 512;

const isOperands = (value: unknown): value is Uint8Array[] =>
  Array.isArray(value) &&
  value.length <= 2 &&
  value.every((operand) => isPayload(operand, MAX_OPERAND_BYTES));

const isNameList = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length <= MAX_ECALLS &&
  value.every((name) => isText(name, MAX_NAME_CHARACTERS));

import { type Enclave, createEnclave } from './enclave';
import type { EnclaveRuntime } from './runtime';

/** One entry point: bytes in, bytes out. What it throws reaches the host as a code and a text. */
export type Ecall = (payload: Uint8Array, enclave: Enclave) => Promise<Uint8Array>;

/** Entry points in the form in which an enclave is entered. */
export type EcallTable<Names extends string = string> = Readonly<
  Record<Names, (payload: Uint8Array, runtime: EnclaveRuntime) => Promise<Uint8Array>>
>;

/** The measured program: what its host may call. `main.ts` exports the result as `ecalls`. */
export function defineEnclave<Names extends string>(
  ecalls: Readonly<Record<Names, Ecall>>,
): EcallTable<Names> {
  const entries = Object.entries<Ecall>(ecalls).map(([name, ecall]) => [
    name,
    async (payload: Uint8Array, runtime: EnclaveRuntime) => ecall(payload, createEnclave(runtime)),
  ]);
  return Object.freeze(Object.fromEntries(entries)) as EcallTable<Names>;
}

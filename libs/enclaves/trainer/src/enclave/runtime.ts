/** What enclave code gets with each ECALL; it has nothing else to reach out with. */
export interface EnclaveRuntime {
  /** Asks the host. The answer is not to be trusted. */
  ocall(name: string, payload: Uint8Array): Promise<Uint8Array>;
  /** EREPORT: TARGETINFO (512 bytes) and REPORTDATA (64 bytes) to a REPORT (432 bytes). */
  report(targetInfo: Uint8Array, reportData: Uint8Array): Promise<Uint8Array>;
}

export type Ecall = (payload: Uint8Array, runtime: EnclaveRuntime) => Promise<Uint8Array>;

/** What the processor and the host give to enclave code with each ECALL; it has nothing else to reach out with. */
export interface EnclaveRuntime {
  /** EREPORT: TARGETINFO (512 bytes) and REPORTDATA (64 bytes) to a REPORT (432 bytes). */
  report(targetInfo: Uint8Array, reportData: Uint8Array): Uint8Array;
  /** EGETKEY: KEYREQUEST (512 bytes) to a key (16 bytes). */
  getKey(keyRequest: Uint8Array): Uint8Array;
  /** Asks the host. The answer is not to be trusted. */
  ocall(name: string, payload: Uint8Array): Promise<Uint8Array>;
  /** Lets other ECALLs of this enclave run. */
  yield(): Promise<void>;
}

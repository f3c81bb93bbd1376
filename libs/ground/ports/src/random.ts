/** A source of random bytes: the operating system's, or a seeded one when a simulated run must be repeatable. */
export interface Random {
  bytes(length: number): Uint8Array;
}

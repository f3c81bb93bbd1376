/** A token that its issuer took back. */
export interface RevokedToken {
  /** Name of the provider that issued it. */
  readonly provider: string;
  /** What it is known by. */
  readonly digest: string;
  /** When it is over by itself; nothing needs to be kept any longer. */
  readonly expiresAt: Date;
}

/** Bounded, for each provider: tokens that are over give way. */
export interface RevokedTokenStore {
  /** `full` when the provider has `limit` others that are not over at `at`. A token that is kept already is kept once. */
  add(token: RevokedToken, limit: number, at: Date): Promise<'kept' | 'full'>;
  /** Digests of the provider's tokens that are not over at `at`, oldest first. */
  list(provider: string, at: Date): Promise<readonly string[]>;
}

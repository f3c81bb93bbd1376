/** What a worker says to the process that started it. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly url: string }
  /** Wants everybody else asked. */
  | { readonly kind: 'ask'; readonly id: number; readonly topic: string }
  | ({ readonly kind: 'answer'; readonly round: number } & Answer);

/** What that process says to a worker. */
export type PrimaryMessage =
  | { readonly kind: 'all-ready'; readonly ready: boolean }
  | { readonly kind: 'question'; readonly round: number; readonly topic: string }
  | ({ readonly kind: 'answers'; readonly id: number } & Answer)
  | { readonly kind: 'close' };

/** JSON values, or why there are none. */
export interface Answer {
  readonly values: readonly unknown[];
  readonly failure?: string;
}

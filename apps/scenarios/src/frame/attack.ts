/** What a man in the middle can try on the untrusted way between the parties, and what it comes to. */
export const ATTACKS = {
  'swap-key': 'puts a key of his own in the place of the key that was attested',
  replay: 'sends evidence that was made for an earlier exchange',
  'tamper-report': 'changes one bit of the enclave identity in the evidence',
  'wrong-enclave': 'answers from an enclave of his own, one byte different from the reviewed one',
  'stale-tcb': 'answers from the right enclave, on a platform with security updates missing',
  'debug-enclave': 'answers from the right enclave, loaded so that its memory can be read',
  'other-processor': 'has evidence made over a report from a processor of his own',
} as const;

export type AttackName = keyof typeof ATTACKS;

export const ATTACK_NAMES = Object.keys(ATTACKS) as readonly AttackName[];

/** Who has to refuse an attack, and for which reason. */
export interface ExpectedRefusal {
  /** The trusted party that has to refuse, as steps name it. */
  readonly by: string;
  /** Stable code of the check that has to fail. */
  readonly code: string;
  /** Why that check, and no other, stands in the way: for who reads the output. */
  readonly explanation: string;
}

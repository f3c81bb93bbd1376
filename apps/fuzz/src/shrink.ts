import { concat } from '@touchstone/bytes';
import { type Finding, execute } from './session';
import type { FuzzTarget } from './target';

const MAX_ATTEMPTS = 4000;

/** The first line of a fault: the same fault in a shorter input has the same one, numbers apart. */
const headline = (what: string): string => (what.split('\n', 1)[0] ?? '').replace(/\d+/g, '#');

/** A shorter input with the same fault, as far as leaving pieces out gets. */
export function shrink(target: FuzzTarget, finding: Finding): Finding {
  if (finding.kind !== 'error') return finding;
  const wanted = headline(finding.what);
  let attempts = 0;
  const faulty = (input: Uint8Array): boolean => {
    attempts += 1;
    const outcome = execute(target, input);
    return outcome.kind === 'fault' && headline(outcome.what) === wanted;
  };
  let input = finding.input;
  for (let size = input.length >> 1; size > 0 && attempts < MAX_ATTEMPTS; size >>= 1) {
    for (let at = 0; at < input.length && attempts < MAX_ATTEMPTS;) {
      const shorter = concat(input.subarray(0, at), input.subarray(at + size));
      if (faulty(shorter)) input = shorter;
      else at += size;
    }
  }
  return { ...finding, input };
}

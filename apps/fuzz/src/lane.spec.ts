import { toHex } from '@touchstone/bytes';
import { runTarget } from './run';
import { fuzzTargets } from './targets';

const EXECUTIONS = 150;
const targets = fuzzTargets();

describe('every parser of untrusted bytes', () => {
  it.each(targets.map((target) => [target.name, target] as const))(
    '%s accepts its seeds',
    (_name, target) => {
      for (const seed of target.seeds) expect(() => target.run(seed)).not.toThrow();
    },
  );

  it.each(targets.map((target) => [target.name, target] as const))(
    '%s answers or refuses by a code, whatever it is given',
    (_name, target) => {
      const { findings } = runTarget(target, '0', { executions: EXECUTIONS });
      expect(findings.map(({ what, input }) => `${what}: ${toHex(input)}`)).toEqual([]);
    },
  );
});

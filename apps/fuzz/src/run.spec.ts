import { CodedError } from '@touchstone/errors';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { runTarget } from './run';
import { Session } from './session';
import type { FuzzTarget } from './target';

const SEEDS = [fromUtf8('{"a":[1,2,3]}')];

const target = (run: FuzzTarget['run']): FuzzTarget => ({ name: 'planted', seeds: SEEDS, run });

const inputsOf = (seed: string): readonly string[] => {
  const session = new Session(
    target(() => 'read'),
    seed,
  );
  return Array.from({ length: 100 }, () => toHex(session.next()));
};

describe('Session', () => {
  it('begins with the seeds', () => {
    expect(inputsOf('1')[0]).toBe(toHex(SEEDS[0] ?? new Uint8Array()));
  });

  it('draws the same inputs from the same seed, others from another', () => {
    expect(inputsOf('1')).toEqual(inputsOf('1'));
    expect(inputsOf('1')).not.toEqual(inputsOf('2'));
  });

  it('never writes to a seed', () => {
    inputsOf('3');
    expect(toHex(SEEDS[0] ?? new Uint8Array())).toBe(toHex(fromUtf8('{"a":[1,2,3]}')));
  });
});

describe('runTarget', () => {
  it('counts what is accepted and what is refused by a code', () => {
    const report = runTarget(
      target((input) => {
        if (input.length % 2 === 0) throw new CodedError('EVEN', 'of even length', {});
        return 'odd';
      }),
      '1',
      { executions: 200 },
    );
    expect(report).toMatchObject({ executions: 200, findings: [], ways: 2 });
    expect(report.accepted + report.refused).toBe(200);
    expect(report.accepted).toBeGreaterThan(0);
  });

  it('finds an error without a code and says how to see it again', () => {
    const planted = target((input) => {
      if (input.includes(0xff)) throw new TypeError('planted');
      return 'read';
    });
    const { findings } = runTarget(planted, '1', { executions: 2000 });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'error', target: 'planted', seed: '1' });
    expect(findings[0]?.what).toContain('TypeError: planted');
    expect(findings[0]?.input).toEqual(Uint8Array.of(0xff));
  });

  it('finds an input that takes too long', () => {
    const planted = target((input) => {
      const until = performance.now() + (input.length === 0 ? 0 : 260);
      while (performance.now() < until);
      return 'read';
    });
    const { findings } = runTarget(planted, '1', { executions: 1 });
    expect(findings).toMatchObject([{ kind: 'hang', execution: 1 }]);
  });

  it('finds a parser that keeps what it read', () => {
    const kept: Uint8Array[] = [];
    const planted = target((input) => {
      kept.push(new Uint8Array(64 * 1024).fill(input.length));
      return 'read';
    });
    const { findings } = runTarget(planted, '1', { executions: 3000 });
    expect(findings).toMatchObject([{ kind: 'memory' }]);
  });

  it('ends when its time is over', () => {
    const report = runTarget(
      target(() => 'read'),
      '1',
      { ms: 20 },
    );
    expect(report.executions).toBeGreaterThan(0);
  });
});

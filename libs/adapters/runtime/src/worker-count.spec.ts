import { availableParallelism } from 'node:os';
import { hasCode } from '@touchstone/errors';
import { workerCount } from './worker-count';

describe('workerCount', () => {
  it.each<[readonly string[], NodeJS.ProcessEnv, number]>([
    [[], {}, 1],
    [[], { TOUCHSTONE_WORKERS: '' }, 1],
    [[], { TOUCHSTONE_WORKERS: '3' }, 3],
    [['--workers', '2'], { TOUCHSTONE_WORKERS: '3' }, 2],
    [['--workers=all'], {}, availableParallelism()],
  ])('reads %j and %j', (args, env, count) => {
    expect(workerCount(args, env)).toBe(count);
  });

  it.each<[readonly string[], NodeJS.ProcessEnv, string]>([
    [['--workers', '0'], {}, '--workers'],
    [['--workers', '257'], {}, '--workers'],
    [['--workers', 'two'], {}, '--workers'],
    [[], { TOUCHSTONE_WORKERS: '-1' }, 'TOUCHSTONE_WORKERS'],
    [['--workers'], {}, 'arguments'],
    [['--port', '1'], {}, 'arguments'],
    [['2'], {}, 'arguments'],
  ])('refuses %j and %j', (args, env, field) => {
    let caught: unknown;
    try {
      workerCount(args, env);
    } catch (error) {
      caught = error;
    }
    expect(hasCode(caught, 'CONFIG_INVALID') && caught.field).toBe(field);
  });
});

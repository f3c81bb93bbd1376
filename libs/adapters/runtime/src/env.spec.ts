import path from 'node:path';
import { ConfigError, readEnv } from './env';
import { isLoopback, readServiceSettings } from './service-settings';

function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name);
    throw error;
  }
  return [];
}

describe('readEnv', () => {
  it('reads every kind of value', () => {
    const env = {
      TEXT: 'a',
      NUMBER: '-5',
      PORT: '0',
      YES: '1',
      NO: 'false',
      CHOICE: 'b',
      DATE: '2026-01-31T12:00:00+01:00',
      URL: 'https://host:1/',
      HEX: 'AB01',
      LIST: ' a, ,b ',
      JSON: '{"a":1}',
    };
    const config = readEnv(env, (e) => ({
      text: e.required('TEXT'),
      number: e.integer('NUMBER', 0, { min: -5, max: 5 }),
      port: e.port('PORT', 80),
      yes: e.flag('YES'),
      no: e.flag('NO', true),
      choice: e.oneOf('CHOICE', ['a', 'b'], 'a'),
      date: e.date('DATE')?.toISOString(),
      url: e.url('URL'),
      hex: e.hex('HEX'),
      list: e.list('LIST'),
      json: e.json('JSON', (value) => value, undefined as unknown),
    }));
    expect(config).toEqual({
      text: 'a',
      number: -5,
      port: 0,
      yes: true,
      no: false,
      choice: 'b',
      date: '2026-01-31T11:00:00.000Z',
      url: 'https://host:1',
      hex: 'ab01',
      list: ['a', 'b'],
      json: { a: 1 },
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readEnv({ A: '' }, (e) => [e.optional('A'), e.text('A', 'x'), e.port('A', 7)])).toEqual([
      undefined,
      'x',
      7,
    ]);
  });

  it('lists every problem at once', () => {
    const env = {
      NUMBER: '1e3',
      PORT: '65536',
      FLAG: 'yes',
      CHOICE: 'c',
      DATE: '2026-01-31T12:00:00',
      URL: 'ftp://host',
      HEX: 'abc',
      JSON: '{',
      SHAPE: '[]',
    };
    const problems = problemsOf(() =>
      readEnv(env, (e) => [
        e.required('MISSING'),
        e.integer('NUMBER', 0, { min: 0, max: 9_999 }),
        e.port('PORT', 0),
        e.flag('FLAG'),
        e.oneOf('CHOICE', ['a'], 'a'),
        e.date('DATE'),
        e.url('URL'),
        e.hex('HEX'),
        e.json('JSON', (value) => value, undefined as unknown),
        e.json(
          'SHAPE',
          () => {
            throw new TypeError('an object');
          },
          undefined,
        ),
        e.refuse('RULE', 'does not fit'),
      ]),
    );
    expect(problems).toEqual([
      'MISSING',
      'NUMBER',
      'PORT',
      'FLAG',
      'CHOICE',
      'DATE',
      'URL',
      'HEX',
      'JSON',
      'SHAPE',
      'RULE',
    ]);
  });
});

describe('readServiceSettings', () => {
  it('has defaults', () => {
    expect(readEnv({}, readServiceSettings)).toEqual({
      home: path.resolve('.touchstone'),
      host: '127.0.0.1',
      logLevel: 'info',
      originMap: {},
    });
  });

  it('reads what every service reads', () => {
    const env = {
      TOUCHSTONE_HOME: '/state',
      TOUCHSTONE_HOST: '0.0.0.0',
      TOUCHSTONE_LOG_LEVEL: 'debug',
      TOUCHSTONE_NOW: '2026-01-01T00:00:00Z',
      DATABASE_URL: 'postgres://db/x',
      TOUCHSTONE_ORIGIN_MAP: '{"https://a.example/":"https://localhost:1"}',
    };
    expect(readEnv(env, readServiceSettings)).toEqual({
      home: '/state',
      host: '0.0.0.0',
      logLevel: 'debug',
      now: new Date('2026-01-01T00:00:00Z'),
      databaseUrl: 'postgres://db/x',
      originMap: { 'https://a.example': 'https://localhost:1' },
    });
  });

  it.each(['[]', '{"a":"https://b"}', '{"https://a":1}', 'null'])(
    'refuses the origin map %s',
    (map) => {
      expect(
        problemsOf(() => readEnv({ TOUCHSTONE_ORIGIN_MAP: map }, readServiceSettings)),
      ).toEqual(['TOUCHSTONE_ORIGIN_MAP']);
    },
  );
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example', false],
    ['localhost.example', false],
  ])('says of %s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

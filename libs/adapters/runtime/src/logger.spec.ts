import { CodedError } from '@touchstone/errors';
import { createLogger, silentLogger, type LogLevel } from './logger';
import { withTrace } from './trace';

function aLogger(level?: LogLevel) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({
    service: 'test',
    destination,
    ...(level !== undefined && { level }),
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes one JSON line for each call', () => {
    const { logger, lines, last } = aLogger();
    logger.info('started', { port: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(last()).toMatchObject({ level: 'info', service: 'test', msg: 'started', port: 1 });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('keeps to its level', () => {
    const { logger, lines } = aLogger('warn');
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines).toHaveLength(2);
  });

  it('adds the fields of a child', () => {
    const { logger, last } = aLogger();
    logger.child({ provider: 'shared', token: 'x' }).info('attest', { n: 1 });
    expect(last()).toMatchObject({ provider: 'shared', token: '[redacted]', n: 1 });
  });

  it('names the trace of the request', () => {
    const { logger, last } = aLogger();
    withTrace({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true }, () =>
      logger.info('in'),
    );
    expect(last()).toMatchObject({ trace: 'a'.repeat(32), span: 'b'.repeat(16) });
    logger.info('out');
    expect(last()).not.toHaveProperty('trace');
  });
});

describe('redaction', () => {
  it.each([
    'token',
    'access_token',
    'Authorization',
    'key',
    'private-key',
    'privateKey',
    'target',
    'quote',
    'client_secret',
    'rootSealKey',
  ])('keeps the value of %s back, at any depth', (name) => {
    const { logger, lines } = aLogger();
    logger.info('line', { [name]: 'hush', deep: [{ deeper: { [name]: { hush: 'hush' } } }] });
    expect(lines[0]).not.toContain('hush');
    expect(lines[0]).toContain('[redacted]');
  });

  it('keeps tokens back wherever they stand', () => {
    const { logger, last } = aLogger();
    logger.info('line', { url: 'https://x/?t=eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln&u=1' });
    expect(last()['url']).toBe('https://x/?t=[redacted]&u=1');
  });

  it('says how many bytes there were, not which', () => {
    const { logger, last } = aLogger();
    logger.info('line', { body: new Uint8Array(7), buffer: Buffer.from('hush') });
    expect(last()).toMatchObject({ body: '[7 bytes]', buffer: '[4 bytes]' });
  });

  it('keeps what tells an error, with its causes, and no other member', () => {
    const { logger, last, lines } = aLogger();
    const cause = Object.assign(new Error('below'), { code: 'ECONNREFUSED', request: { hush: 1 } });
    logger.error('failed', {
      error: new CodedError('DOOR_LOCKED', 'above', { field: 'lock', cause }),
    });
    expect(last()['error']).toMatchObject({
      name: 'CodedError',
      code: 'DOOR_LOCKED',
      field: 'lock',
      message: 'above',
      stack: expect.stringContaining('CodedError'),
      cause: { code: 'ECONNREFUSED', message: 'below' },
    });
    expect(lines[0]).not.toContain('hush');
  });

  it('ends, whatever it is given', () => {
    const { logger, last } = aLogger();
    const ring: Record<string, unknown> = {
      long: 'x'.repeat(10_000),
      big: 2n ** 70n,
      at: new Date(0),
    };
    ring['ring'] = ring;
    ring['many'] = Array.from({ length: 1_000 }, () => 1);
    logger.info('line', { ring });
    const text = JSON.stringify(last());
    expect(text.length).toBeLessThan(50_000);
    expect(last()['ring']).toMatchObject({
      big: (2n ** 70n).toString(),
      at: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('silentLogger', () => {
  it('says nothing, and so do its children', () => {
    expect(silentLogger.child({}).info('x')).toBeUndefined();
  });
});

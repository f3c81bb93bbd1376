import { paintFor } from './paint';

describe('paintFor', () => {
  it('colours a terminal', () => {
    expect(paintFor({ isTTY: true }, {})('X', 'genuine')).toBe('\u001b[1;32mX\u001b[0m');
  });

  it.each([
    ['a file', { isTTY: false }, {}],
    ['a pipe', {}, {}],
    ['a terminal that wants none', { isTTY: true }, { NO_COLOR: '1' }],
  ])('leaves plain what goes to %s', (_name, stream, env) => {
    expect(paintFor(stream, env)('X', 'genuine')).toBe('X');
  });
});

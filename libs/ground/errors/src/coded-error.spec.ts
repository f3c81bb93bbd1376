import { CodedError, hasCode } from './coded-error';

class DoorError extends CodedError<'DOOR_LOCKED' | 'DOOR_MISSING'> {}

describe('CodedError', () => {
  it('carries code, field and cause', () => {
    const cause = new Error('rust');
    const error = new DoorError('DOOR_LOCKED', 'the door is locked', { field: 'lock', cause });
    expect(error).toMatchObject({ code: 'DOOR_LOCKED', field: 'lock', cause, name: 'DoorError' });
  });

  it('has no field or cause when none is given', () => {
    const error = new DoorError('DOOR_MISSING', 'there is no door');
    expect('field' in error).toBe(false);
    expect('cause' in error).toBe(false);
  });
});

describe('hasCode', () => {
  const error = new DoorError('DOOR_LOCKED', 'the door is locked');

  it.each([
    ['a listed code', error, ['DOOR_MISSING', 'DOOR_LOCKED'], true],
    ['no code asked for', error, [], true],
    ['another code', error, ['DOOR_MISSING'], false],
    ['a plain error', new Error('DOOR_LOCKED'), ['DOOR_LOCKED'], false],
    ['no error at all', undefined, [], false],
  ])('answers for %s', (_name, value, codes, expected) => {
    expect(hasCode(value, ...codes)).toBe(expected);
  });
});

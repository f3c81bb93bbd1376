import { concat, sha256 } from '@touchstone/bytes';
import { refusal } from './__fixtures__/verdict';
import { aWorld, zeros } from './__fixtures__/world';
import { verifyBinding } from './index';

const runtimeData = Buffer.from('{"keys":[]}');
const bound = (second: Uint8Array) =>
  aWorld({ reportData: concat(sha256(runtimeData), second) }).quote;

describe('verifyBinding', () => {
  it('takes the data whose digest the report carries', () => {
    expect(() => verifyBinding(bound(zeros(32)), runtimeData)).not.toThrow();
  });

  it.each([
    ['other data', zeros(32), Buffer.from('{"keys":[1]}')],
    ['no data', zeros(32), Buffer.alloc(0)],
    ['a second half that is not zero', concat(zeros(31), Uint8Array.of(1)), runtimeData],
  ])('refuses %s', (_name, second, data) => {
    const error = refusal(() => verifyBinding(bound(second), data));
    expect(error).toMatchObject({ code: 'RUNTIME_DATA_MISMATCH', intelStatus: '' });
  });
});

import { PcsError, type PcsErrorCode } from '@touchstone/pcs-client';
import { pccsCollateral } from './pccs-collateral';

const KEY = { fmspc: '00a067110000', ca: 'processor' } as const;

const failing = (code: PcsErrorCode) =>
  pccsCollateral({ collateral: () => Promise.reject(new PcsError(code, 'why')) }, 'standard');

describe('pccsCollateral', () => {
  it.each(['standard', 'early'] as const)('asks for the channel %s', async (update) => {
    const asked: unknown[] = [];
    const collateral = async (question: unknown) => {
      asked.push(question);
      throw new PcsError('PCS_NOT_FOUND', 'why');
    };
    await pccsCollateral({ collateral }, update).fetch(KEY);
    expect(asked).toEqual([{ ...KEY, update }]);
  });

  it.each<PcsErrorCode>(['PCS_NOT_FOUND', 'PCS_NOT_AVAILABLE', 'PCS_GONE'])(
    'knows no platform on %s',
    async (code) => {
      expect(await failing(code).fetch(KEY)).toBeUndefined();
    },
  );

  it.each<PcsErrorCode>(['PCS_UNREACHABLE', 'PCS_THROTTLED', 'PCS_BAD_ANSWER', 'PCS_UNAUTHORIZED'])(
    'cannot answer on %s',
    async (code) => {
      await expect(failing(code).fetch(KEY)).rejects.toMatchObject({ code });
    },
  );
});

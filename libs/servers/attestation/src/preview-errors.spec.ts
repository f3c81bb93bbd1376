import type { Request } from 'express';
import type { Refusal } from '@touchstone/http';
import { attestationDialect } from './error-table';
import { withPreviewErrors } from './preview-errors';

const { encode } = withPreviewErrors(attestationDialect);
const REFUSAL = { status: 400, code: 'InvalidOperation', message: 'no', requestId: 'r' };
const PREVIEW = { 'api-version': '2018-09-01-preview' };

const answer = (request: Pick<Request, 'path'> & { query?: object }, changes: object = {}) =>
  encode({ ...REFUSAL, ...changes, request: { query: {}, ...request } } as unknown as Refusal);

describe('withPreviewErrors', () => {
  it.each([
    ['a path of the preview', { path: '/operations/policy/current' }],
    ['another path under its version', { path: '/attest/SgxEnclave', query: PREVIEW }],
  ])('says nothing inside of what it says, at %s', (_name, request) => {
    expect(answer(request).body).toEqual({ error: { code: 'InvalidOperation', message: 'no' } });
  });

  it('has no body for a caller who is not known', () => {
    const refused = answer({ path: '/attest/Tee/OpenEnclave' }, { status: 401 });
    expect(refused.body).toBeUndefined();
  });

  it('leaves today’s dialect alone', () => {
    const request = { path: '/policies/SgxEnclave', query: { 'api-version': '2020-10-01' } };
    expect(answer(request, { status: 401 }).body).toMatchObject({
      error: { innererror: { message: 'no' } },
    });
  });
});

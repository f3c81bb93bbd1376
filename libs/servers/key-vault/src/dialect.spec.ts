import type { Request } from 'express';
import { HttpError } from '@touchstone/http';
import { VaultError, VaultForbiddenError } from '@touchstone/service-key-vault';
import { vaultDialect, wireFormOf } from './dialect';

const dialect = vaultDialect({
  authorization: 'https://login.test/t',
  resource: 'https://vault.azure.net',
});
const request = {} as Request;
const base = { requestId: 'r', request };

describe('vaultDialect', () => {
  it('writes code, message and inner code', () => {
    const error = new VaultError('VAULT_KEY_DISABLED', 'm');
    expect(
      dialect.encode({ ...base, status: 403, code: 'Forbidden', message: 'm', error }),
    ).toEqual({
      body: { error: { code: 'Forbidden', message: 'm', innererror: { code: 'KeyDisabled' } } },
    });
  });

  it('challenges with 401 only', () => {
    expect(dialect.encode({ ...base, status: 401, message: 'm' })).toEqual({
      headers: {
        'www-authenticate':
          'Bearer authorization="https://login.test/t", resource="https://vault.azure.net"',
      },
      body: { error: { code: 'Unauthorized', message: 'm' } },
    });
  });

  it('has a code for what nobody foresaw', () => {
    expect(dialect.encode({ ...base, status: 500, message: 'm' })).toEqual({
      body: { error: { code: 'InternalServerError', message: 'm' } },
    });
  });
});

describe('wireFormOf', () => {
  const principal = { oid: 'o', appid: 'a', tid: 't' };
  it.each([
    [new VaultForbiddenError(principal, 'keys/read', 'keys/k', 'v'), 403, 'Forbidden'],
    [new VaultError('VAULT_AUTHORITY_UNREACHABLE', 'm'), 400, 'BadParameter'],
    [new HttpError('HTTP_BODY_TOO_LARGE', 'm'), 413, 'RequestEntityTooLarge'],
    [new Error('m'), 500, 'InternalServerError'],
    [undefined, 500, 'InternalServerError'],
  ])('%s is answered with %i %s', (error, status, code) => {
    expect(wireFormOf(error)).toEqual({ status, code });
  });
});

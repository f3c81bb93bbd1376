import { fromUtf8 } from '@touchstone/bytes';
import { encodeDecisionRecord } from '@touchstone/decision';
import { RpcCallError } from '@touchstone/enclave-rpc';
import type { HttpClient } from '@touchstone/http-client';
import { askedFor } from './explained';

const record = encodeDecisionRecord({
  requestId: 'r1',
  kind: 'release',
  service: 'key-vault',
  at: '2026-01-01T00:00:00Z',
  outcome: 'refused',
  status: 403,
  code: 'Forbidden',
  decisive: 'claim-x-ms-sgx-svn',
  subject: {},
  facts: {},
  checks: [{ name: 'claim-x-ms-sgx-svn', result: 'failed', read: '1', expected: 'at least 2' }],
});

/** An ecosystem whose services keep no record but the one of that vault. */
function world(asked: string[] = []) {
  const http: HttpClient = {
    request: async ({ url }) => {
      asked.push(url);
      const known = url.startsWith('https://own.test/') && url.endsWith('/r1');
      return { status: known ? 200 : 404, headers: {}, body: fromUtf8(known ? record : '') };
    },
    close: async () => undefined,
  };
  const endpoints = {
    ca: '',
    services: { 'attestation-service': 'https://maa.test', 'key-vault': 'https://vault.test' },
    tenant: '',
    client: { id: '', secret: '' },
    operatorToken: '',
    simulatedRoot: '',
  };
  return { http, endpoints };
}

const refusal = (by: 'attestation' | 'key-vault', requestId: string) =>
  new RpcCallError('HOST_REFUSED', 'PERMISSION_DENIED', 'refused', {
    refusal: { by, status: 403, code: 'Forbidden', requestId },
  });
const deciders = { attestation: 'service', vault: 'own vault', vaultUrl: 'https://own.test' };

describe('askedFor', () => {
  it('hands an answer on', async () => {
    await expect(askedFor(world(), deciders, Promise.resolve(7))).resolves.toBe(7);
  });

  it('says which check of which service decided, and on what', async () => {
    const call = Promise.reject(refusal('key-vault', 'r1'));
    await expect(askedFor(world(), deciders, call)).rejects.toMatchObject({
      by: 'own vault',
      code: 'claim-x-ms-sgx-svn',
      message: 'it answers 403 Forbidden, read 1, expected at least 2',
      explanation: { answer: '403 Forbidden', read: '1', expected: 'at least 2', request: 'r1' },
    });
  });

  it('says what the wire said where there is no record', async () => {
    const call = Promise.reject(refusal('attestation', 'r2'));
    await expect(askedFor(world(), deciders, call)).rejects.toMatchObject({
      by: 'service',
      code: '403 Forbidden',
    });
  });

  it('asks the ecosystem unless a vault stands elsewhere', async () => {
    const asked: string[] = [];
    const call = Promise.reject(refusal('key-vault', 'r1'));
    await expect(askedFor(world(asked), { attestation: 'service' }, call)).rejects.toMatchObject({
      by: 'key vault',
    });
    expect(asked.some((url) => url.startsWith('https://vault.test/'))).toBe(true);
  });

  it('leaves every other failure as it is', async () => {
    const failure = new RpcCallError('RPC_UNAVAILABLE', 'UNAVAILABLE', 'away');
    await expect(askedFor(world(), deciders, Promise.reject(failure))).rejects.toBe(failure);
  });
});

import type { Express } from 'express';
import express from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoredDecision } from '@touchstone/ports';
import { OPERATOR_DECISIONS_PATH, operatorRoutes } from './operator';

const kept: StoredDecision = {
  requestId: '00-a-b-00',
  service: 'key-vault',
  at: new Date(0),
  record: '{"requestId":"00-a-b-00"}',
};

function anApp(): Express {
  const app = express();
  app.use(
    operatorRoutes({
      token: 'opens',
      decisions: {
        find: async (id) => (id === kept.requestId ? kept : undefined),
        recent: async () => [kept],
      },
      actions: { 'tea/make': async () => ({ cups: 2 }) },
    }),
  );
  return app;
}

describe('operatorRoutes', () => {
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer(anApp());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}${OPERATOR_DECISIONS_PATH}`;
  });
  afterAll(() => server.close());

  const get = (path: string, token = 'opens') =>
    fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });

  it('gives a record by its request id', async () => {
    expect(await (await get(`/${kept.requestId}`)).text()).toBe(kept.record);
  });

  it('gives the newest records', async () => {
    expect(await (await get('')).json()).toEqual([{ requestId: kept.requestId }]);
  });

  it('says 404 for a record that is not kept', async () => {
    expect((await get('/00-x-y-00')).status).toBe(404);
  });

  const post = (path: string, token = 'opens') =>
    fetch(new URL(`/operator/${path}`, base), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });

  it('does what the service offers, and answers with what came of it', async () => {
    expect(await (await post('tea/make')).json()).toEqual({ cups: 2 });
  });

  it('does nothing for a stranger', async () => {
    expect((await post('tea/make', 'wrong')).status).toBe(401);
  });

  it.each(['tea', 'toString', ''])('knows no action %j', async (name) => {
    expect((await post(name)).status).toBe(404);
  });

  it.each(['', 'open', 'opens '.repeat(2)])('says 401 to the token %j', async (token) => {
    expect((await get('', token)).status).toBe(401);
  });
});

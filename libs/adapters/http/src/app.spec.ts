import { currentTrace } from '@touchstone/runtime';
import { ask, DoorError, runApp, type RunningApp } from './__fixtures__/running-app';
import { requestIdOf } from './request-context';
import { handler, pathValue, queryValue, resource } from './resource';

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const AZURE_ID = /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/;

let app: RunningApp;
let ready = true;
beforeAll(async () => {
  app = await runApp(
    (express) => {
      resource(express, '/doors/:name', {
        get: handler((request, response) => {
          response.json({
            name: pathValue(request, 'name'),
            colour: queryValue(request, 'colour'),
          });
        }),
      });
      resource(express, '/trace', {
        get: handler(async (_request, response) => {
          await Promise.resolve();
          response.json({ trace: currentTrace(), requestId: requestIdOf(response) });
        }),
      });
      resource(express, '/fail/:code', {
        post: handler(async (request) => {
          const code = pathValue(request, 'code');
          if (code === 'plain') throw new Error('a secret of the house');
          throw new DoorError(code, 'the door is locked', {
            field: 'lock',
            cause: new Error('rust'),
          });
        }),
      });
      resource(express, '/half', {
        get: handler((_request, response) => {
          response.write('half an ans');
          throw new DoorError('DOOR_LOCKED', 'too late');
        }),
      });
    },
    {
      ready: async () => {
        if (!ready) throw new Error('the store does not answer');
      },
    },
  );
});
afterAll(() => app.close());
beforeEach(() => {
  app.lines.length = 0;
  ready = true;
});

describe('every answer', () => {
  it('carries a request id in the form of a traceparent', async () => {
    const { headers } = await ask(`${app.url}/doors/front`);
    expect(headers['x-ms-request-id']).toMatch(AZURE_ID);
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('carries a Request-ID of 32 hex digits where Intel is spoken', async () => {
    const pcs = await runApp(() => undefined, { requestId: 'pcs' });
    const { headers } = await ask(`${pcs.url}/`);
    expect(headers['request-id']).toMatch(/^[0-9a-f]{32}$/);
    await pcs.close();
  });

  it('leaves one line, without the query', async () => {
    const { headers } = await ask(`${app.url}/doors/front?colour=secret`);
    expect(app.lines).toHaveLength(1);
    expect(app.lines[0]).toMatchObject({
      level: 'info',
      msg: 'request',
      method: 'GET',
      path: '/doors/front',
      status: 200,
      requestId: headers['x-ms-request-id'],
    });
    expect(JSON.stringify(app.lines)).not.toContain('secret');
  });

  it('is counted under the pattern of its route', async () => {
    await ask(`${app.url}/doors/back`);
    const text = await app.metrics.text();
    expect(text).toContain('route="/doors/:name"');
    expect(text).not.toContain('back');
  });
});

describe('the trace', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('of the caller goes on with a span of its own', async () => {
    const { text } = await ask(`${app.url}/trace`, { headers: { traceparent } });
    const { trace, requestId } = json(text);
    expect(trace).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', sampled: true });
    expect(trace).not.toMatchObject({ spanId: 'b7ad6b7169203331' });
    expect(requestId).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('begins here when the caller has none, or none that is well-formed', async () => {
    const { text } = await ask(`${app.url}/trace`, { headers: { traceparent: '00-zz-1-01' } });
    expect(json(text).requestId).toMatch(AZURE_ID);
  });
});

describe('a failure', () => {
  const fail = (code: string) => ask(`${app.url}/fail/${code}`, { method: 'POST' });

  it('goes through the table of the service', async () => {
    const { status, headers, text } = await fail('DOOR_LOCKED');
    expect(status).toBe(403);
    expect(headers).toMatchObject({ 'x-door': 'locked', 'x-dialect': 'test' });
    expect(json(text)).toMatchObject({ code: 'Locked', message: 'the door is locked' });
    expect(app.lines[0]).toMatchObject({ status: 403, code: 'DOOR_LOCKED' });
  });

  it('may have a text made for the caller', async () => {
    expect(json((await fail('DOOR_TEXT')).text)).toMatchObject({ message: 'about lock' });
  });

  it.each(['plain', 'DOOR_UNHEARD_OF', 'toString', '__proto__'])(
    'that is in no table is a bare 500: %s',
    async (code) => {
      const { status, headers, text } = await fail(code);
      expect(status).toBe(500);
      expect(json(text)).toMatchObject({ code: 'none', requestId: headers['x-ms-request-id'] });
      expect(text).not.toMatch(/secret|locked|rust/);
      const [failure] = app.lines.filter(({ level }) => level === 'error');
      expect(failure).toMatchObject({ requestId: headers['x-ms-request-id'] });
      expect(JSON.stringify(failure)).toMatch(/a secret of the house|rust/);
    },
  );

  it('after half an answer cuts the connection', async () => {
    await expect(ask(`${app.url}/half`)).rejects.toThrow();
  });

  it('of routing is the dialect’s too', async () => {
    expect(await ask(`${app.url}/nowhere`)).toMatchObject({ status: 404 });
    expect(await ask(`${app.url}/doors/%ff`)).toMatchObject({ status: 400 });
    const put = await ask(`${app.url}/doors/front`, { method: 'PUT' });
    expect(put).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD', 'x-dialect': 'test' },
    });
    expect(await ask(`${app.url}/doors/front?colour=a&colour=b`)).toMatchObject({ status: 400 });
  });
});

describe('probes', () => {
  it('tell that the process lives, without a line in the log', async () => {
    expect(await ask(`${app.url}/healthz`)).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect(app.lines).toEqual([]);
  });

  it('tell whether it can serve', async () => {
    expect(await ask(`${app.url}/readyz`)).toMatchObject({ status: 200 });
    ready = false;
    const { status, text } = await ask(`${app.url}/readyz`);
    expect(status).toBe(503);
    expect(text).not.toContain('store');
  });

  it('give Prometheus its text', async () => {
    const { headers, text } = await ask(`${app.url}/metrics`);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('http_request_duration_seconds_bucket');
  });

  it('are only read', async () => {
    expect(await ask(`${app.url}/healthz`, { method: 'POST' })).toMatchObject({ status: 404 });
  });
});

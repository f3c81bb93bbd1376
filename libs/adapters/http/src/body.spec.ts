import { connect } from 'node:net';
import { ask, runApp, type Question, type RunningApp } from './__fixtures__/running-app';
import { formBody, jsonBody, rawBody, textBody } from './body';
import { handler, resource } from './resource';

const LIMIT = 1_000;
let app: RunningApp;

beforeAll(async () => {
  app = await runApp((express) => {
    const echo = handler((request, response) => {
      const body: unknown = request.body;
      response.json({ body: body instanceof Map ? [...body] : body });
    });
    resource(express, '/json', { post: [jsonBody(LIMIT), echo] });
    resource(express, '/form', { post: [formBody(LIMIT), echo] });
    resource(express, '/text', { post: [textBody(LIMIT), echo] });
    resource(express, '/raw', {
      post: [
        rawBody(LIMIT),
        handler((request, response) => {
          response.send((request.body as Buffer).toString('hex'));
        }),
      ],
    });
  });
});
afterAll(() => app.close());

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, question: Question) =>
  ask(`${app.url}${path}`, { method: 'POST', ...question });

describe('bodies', () => {
  it('are parsed', async () => {
    expect((await post('/json', { headers: JSON_HEADERS, body: '{"a":[1]}' })).text).toBe(
      '{"body":{"a":[1]}}',
    );
    expect((await post('/text', { body: 'grüße' })).text).toBe('{"body":"grüße"}');
    expect((await post('/raw', { body: Buffer.of(0, 255) })).text).toBe('00ff');
    expect((await post('/form', { headers: FORM_HEADERS, body: 'a=1&b=x%20y+z' })).text).toBe(
      '{"body":[["a","1"],["b","x y z"]]}',
    );
  });

  it('may arrive in parts', async () => {
    expect((await post('/text', { body: ['a', 'b', 'c'] })).text).toBe('{"body":"abc"}');
  });

  it('may be exactly as long as the limit', async () => {
    expect(await post('/text', { body: 'x'.repeat(LIMIT) })).toMatchObject({ status: 200 });
  });

  it('that are declared too large are refused', async () => {
    const { status, text } = await post('/text', { body: 'x'.repeat(LIMIT + 1) });
    expect(status).toBe(413);
    expect(text).toContain('TooLarge');
  });

  it('that grow too large are refused, and the connection is given up', async () => {
    const parts = Array.from({ length: 20 }, () => 'x'.repeat(100));
    const { status, headers } = await post('/text', { body: parts });
    expect(status).toBe(413);
    expect(headers.connection).toBe('close');
  });

  it.each([
    ['truncated JSON', '/json', JSON_HEADERS, '{"a":', 400],
    ['no JSON at all', '/json', JSON_HEADERS, '', 400],
    ['JSON that is nested too deep', '/json', JSON_HEADERS, '['.repeat(65) + ']'.repeat(65), 400],
    ['JSON that is not UTF-8', '/json', JSON_HEADERS, Buffer.from('"\xff"', 'latin1'), 400],
    ['text that is not UTF-8', '/text', {}, Buffer.of(0xc3), 400],
    ['JSON of another type', '/json', { 'content-type': 'text/plain' }, '{}', 415],
    ['JSON of no type', '/json', {}, '{}', 415],
    ['a form of another type', '/form', JSON_HEADERS, 'a=1', 415],
    ['a compressed body', '/json', { ...JSON_HEADERS, 'content-encoding': 'gzip' }, '{}', 415],
    ['a form field that stands twice', '/form', FORM_HEADERS, 'a=1&a=2', 400],
  ])('are refused: %s', async (_name, path, headers, body, status) => {
    expect(await post(path, { headers, body })).toMatchObject({
      status,
      headers: { 'x-dialect': 'test' },
    });
  });

  it('that never end leave nothing behind', async () => {
    app.lines.length = 0;
    await new Promise<void>((resolve) => {
      const socket = connect(app.port, '127.0.0.1', () => {
        socket.write('POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on('close', () => setTimeout(resolve, 50));
    });
    expect(app.lines).toMatchObject([{ aborted: true }]);
    expect(await post('/text', { body: 'a' })).toMatchObject({ status: 200 });
  });
});

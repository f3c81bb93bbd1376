import { currentTrace } from '@touchstone/runtime';
import { ask, DoorError, runApp, type Question, type RunningApp } from './__fixtures__/running-app';
import { textBody } from './body';
import type { DirectCall, DirectRouter } from './direct';
import { requestIdOf } from './request-context';
import { handler, resource } from './resource';

const LIMIT = 100;
const OPTIONS = { types: ['application/json'] };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** What both ways answer with. */
function open(body: string, requestId: string): object {
  if (body.includes('locked')) throw new DoorError('DOOR_LOCKED', 'the door is locked');
  if (body.includes('rust')) throw new Error('rust');
  return { body, requestId, trace: currentTrace()?.traceId };
}

const direct: DirectRouter = ({ method, url }) =>
  method === 'POST' && url?.startsWith('/direct')
    ? {
        route: '/direct',
        headers: ['x-house', 'touchstone'],
        answer: async ({ requestId, text }: DirectCall) => ({
          headers: ['Content-Type', 'application/json; charset=utf-8'],
          body: JSON.stringify(open(await text(LIMIT, OPTIONS), requestId)),
        }),
      }
    : undefined;

let app: RunningApp;
beforeAll(async () => {
  app = await runApp(
    (express) => {
      express.use((_request, response, next) => {
        response.setHeader('x-house', 'touchstone');
        next();
      });
      resource(express, '/express', {
        post: [
          textBody(LIMIT, OPTIONS),
          handler((request, response) => {
            response.json(open(String(request.body), requestIdOf(response)));
          }),
        ],
      });
    },
    { direct },
  );
});
afterAll(() => app.close());
beforeEach(() => {
  app.lines.length = 0;
});

const headers = {
  'content-type': 'application/json',
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
};

/** What differs from one request to the next: ids, instants, lengths of time, the path itself. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/00-[0-9a-f]{32}-[0-9a-f]{16}-00/g, 'ID')
      .replaceAll(/"(date|time|span|ms|stack)":("[^"]*"|[\d.]+)/g, '"$1":0')
      .replaceAll(/\/(direct|express)/g, '/way'),
  );

async function asked(way: string, question: Question) {
  app.lines.length = 0;
  const answer = await ask(`${app.url}/${way}?key=secret`, { method: 'POST', ...question });
  await new Promise((resolve) => setTimeout(resolve, 20));
  return comparable({ answer, lines: app.lines });
}

describe('a request past Express', () => {
  it.each<[string, Question]>([
    ['granted', { headers, body: '{}' }],
    ['whose body comes in pieces', { headers, body: ['{"a"', ':1}'] }],
    ['refused', { headers, body: '"locked"' }],
    ['that fails unexpectedly', { headers, body: '"rust"' }],
    ['too large', { headers, body: 'x'.repeat(LIMIT + 1) }],
    ['that says it is too large', { headers: { ...headers, 'content-length': LIMIT + 1 } }],
    [
      'of another media type',
      { headers: { ...headers, 'content-type': 'text/plain' }, body: '{}' },
    ],
    ['with a compressed body', { headers: { ...headers, 'content-encoding': 'gzip' }, body: '{}' }],
    ['that is not UTF-8', { headers, body: Buffer.from([0xff]) }],
  ])('%s is answered and logged as by Express', async (_name, question) => {
    expect(await asked('direct', question)).toEqual(await asked('express', question));
  });

  it('has the same id in header, body and log', async () => {
    const answer = await ask(`${app.url}/direct`, { method: 'POST', headers, body: '{}' });
    const { requestId } = JSON.parse(answer.text) as { requestId: string };
    expect(answer.headers['x-ms-request-id']).toBe(requestId);
    expect(requestId).toContain(TRACE);
  });

  it('is counted under its pattern', async () => {
    await ask(`${app.url}/direct?a=1`, { method: 'POST', headers, body: '"locked"' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await app.metrics.text()).toMatch(/route="\/direct",status="403"/);
  });

  it('goes the long way when the router does not take it', async () => {
    expect((await ask(`${app.url}/direct`)).status).toBe(404);
  });
});

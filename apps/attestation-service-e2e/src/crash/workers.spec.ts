import https from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { policyHash } from '@touchstone/policy-document';
import { OPERATOR_TOKEN } from '../bench';
import { makeProvider } from '../owners';
import { openCrashBench, type CrashBench } from './crash-bench';
import { databases } from './databases';
import { buildService } from './service-process';

const VERSION = '?api-version=2022-08-01';
const PROVIDER = 'contoso';
const POLICY =
  'version= 1.0;authorizationrules{=> permit();};issuancerules{=> issue(type="n", value="N");};';
const ATTESTS = 50;

jest.setTimeout(180_000);

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly id: string;
  readonly text: string;
}

describe.each(databases)('two workers on $name', (kind) => {
  let bench: CrashBench;
  beforeAll(async () => {
    await buildService();
    bench = await openCrashBench(kind, { TOUCHSTONE_WORKERS: '2' });
    await bench.start();
    await makeProvider(bench, PROVIDER);
  });
  afterAll(() => bench.close());

  /** On a connection of its own, so that the workers take turns. */
  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const url = `${bench.service().url}${path}`;
      const options = { method, headers, agent: false, ca: bench.ca } as const;
      const request = https.request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const id = String(response.headers['x-ms-request-id']);
          resolve({ status: response.statusCode ?? 0, id, text: Buffer.concat(chunks).toString() });
        });
      });
      request.on('error', reject);
      request.end(body);
    });

  const attest = (): Promise<Answer> =>
    ask(`/${PROVIDER}/attest/SgxEnclave${VERSION}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ quote: toBase64Url(bench.evidence.SgxEnclave) }),
    });

  async function setPolicy(text: string): Promise<void> {
    const encode = (value: object): string => toBase64Url(fromUtf8(JSON.stringify(value)));
    const jws = `${encode({ alg: 'none' })}.${encode({ AttestationPolicy: toBase64Url(fromUtf8(text)) })}.`;
    const { authorization } = bench;
    const headers = { authorization, 'content-type': 'text/plain' };
    const path = `/${PROVIDER}/policies/SgxEnclave${VERSION}`;
    const answer = await ask(path, { method: 'PUT', headers, body: jws });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  }

  function hashIn({ status, text }: Answer): unknown {
    expect([status, text]).toEqual([200, expect.any(String)]);
    const [, payload = ''] = (JSON.parse(text) as { token: string }).token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    return (claims as Record<string, unknown>)['x-ms-policy-hash'];
  }

  const operator = { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } };
  const workerPids = (): readonly number[] =>
    bench.service().log.flatMap(({ msg, pid }) => (msg === 'a worker is ready' && pid ? pid : []));
  const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await holds())) await setTimeout(20);
  };

  it('both go by a policy from the moment on that one acknowledged it', async () => {
    for (const [round, text] of [POLICY, POLICY.replace('"N"', '"M"')].entries()) {
      await setPolicy(text);
      const asked = Array.from({ length: ATTESTS }, () => attest().then(hashIn));
      expect([round, ...new Set(await Promise.all(asked))]).toEqual([round, policyHash(text)]);
    }
    const requests = bench.service().log.filter(({ msg }) => msg === 'request');
    expect(new Set(requests.map(({ worker }) => worker)).size).toBe(2);
  });

  it('find the record of an answer that the other one gave', async () => {
    const ids = (await Promise.all(Array.from({ length: 10 }, attest))).map(({ id }) => id);
    const found = ids.map((id) => ask(`/operator/decisions/${id}`, operator));
    expect((await Promise.all(found)).map(({ status }) => status)).toEqual(ids.map(() => 200));
  });

  it('let go of collateral together', async () => {
    const forget = () => ask('/operator/collateral/forget', { method: 'POST', ...operator });
    await attest();
    expect(await forget()).toMatchObject({ status: 200, text: '{"forgotten":1}' });
    // Whoever is asked next, none holds any.
    expect(await forget()).toMatchObject({ text: '{"forgotten":0}' });
    expect(await forget()).toMatchObject({ text: '{"forgotten":0}' });
  });

  it('tell the sums of both', async () => {
    const granted = async (): Promise<number> => {
      const { text } = await ask('/metrics');
      return Number(/^touchstone_decisions_total\{.*attest.*granted.*\} (\d+)$/m.exec(text)?.[1]);
    };
    const before = await granted();
    await Promise.all(Array.from({ length: 4 }, attest));
    expect([await granted(), await granted()]).toEqual([before + 4, before + 4]);
  });

  it('go on when one is killed, and are two again', async () => {
    const [victim = 0] = workerPids();
    process.kill(victim, 'SIGKILL');
    await until(() => bench.service().log.some(({ msg }) => msg === 'a worker ended'));
    const answers = await Promise.all(Array.from({ length: 10 }, attest));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await until(async () => (await ask('/readyz')).status === 200);
    expect(workerPids()).toHaveLength(3);
    await Promise.all(Array.from({ length: 10 }, () => attest().then(hashIn)));
  });

  it('end in order, and lose no record', async () => {
    const ids = (await Promise.all(Array.from({ length: 20 }, attest))).map(({ id }) => id);
    const pids = workerPids();
    expect(await bench.service().stop()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    await bench.start();
    const found = ids.map((id) => ask(`/operator/decisions/${id}`, operator));
    expect((await Promise.all(found)).map(({ status }) => status)).toEqual(ids.map(() => 200));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

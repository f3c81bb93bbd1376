import { constants, publicEncrypt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHttpClient, type HttpClient, type HttpRequest } from '@touchstone/http-client';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import { startIntelPcs, type RunningIntelPcs } from '@touchstone/server-intel-pcs';
import {
  startPckCache,
  type PckCacheOptions,
  type RunningPckCache,
} from '@touchstone/server-pck-cache';
import { openLocalCa, type LocalCa } from '@touchstone/tls';

export const AT = new Date('2026-11-22T10:00:00Z');

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A processor as the factory answers. */
export interface MadeProcessor {
  readonly ppid: string;
  readonly fmspc: string;
  readonly cpuSvn: string;
  readonly pceSvn: number;
  readonly ppidEncryptionKey: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: object;
  readonly body?: string;
}

const newFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'touchstone-pck-cache-'));

/** The simulated Intel, over real HTTPS. Founding it takes a second or two, so a file shares one. */
export class Intel {
  now = AT;

  private constructor(
    readonly home: string,
    readonly ca: LocalCa,
    private running: RunningIntelPcs | undefined,
  ) {}

  static async open(): Promise<Intel> {
    const home = await newFolder();
    const intel = new Intel(home, await openLocalCa(home), undefined);
    intel.running = await startIntelPcs({ ...intel.shared(home), port: 0 });
    return intel;
  }

  shared(home: string) {
    return {
      home,
      host: '127.0.0.1',
      clock: { now: () => this.now },
      logger: silentLogger,
      random: systemRandom,
      tls: this.ca,
    };
  }

  get url(): string {
    return this.running?.url ?? '';
  }

  async close(): Promise<void> {
    await this.running?.close();
    await rm(this.home, { recursive: true, force: true });
  }

  /** One raw HTTPS request. */
  ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const target = new URL(url, this.url);
      const options = { method, headers: { ...headers }, ca: this.ca.pem, agent: false };
      const request = https.request(target, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
            ),
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  private own(pathname: string, body: object): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.running?.manufacturingToken}`,
      'content-type': 'application/json',
    };
    return this.ask(pathname, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async make(model: string): Promise<MadeProcessor> {
    const { body } = await this.own('/manufacturing/processors', { model });
    return JSON.parse(body.toString()) as MadeProcessor;
  }

  async happen(event: object): Promise<void> {
    const { status } = await this.own('/simulation/events', event);
    expect(status).toBe(204);
  }

  /** As if nothing had happened. */
  async calm(): Promise<void> {
    this.now = AT;
    await this.happen({ action: 'set-availability', availability: 'up' });
    await this.happen({ action: 'undo-recoveries' });
  }
}

/** A cache in a folder of its own, in front of the simulated Intel. */
export class World {
  /** What the cache has asked its upstream for. */
  readonly asked: string[] = [];
  private running: RunningPckCache | undefined;
  private client: HttpClient | undefined;

  private constructor(
    readonly home: string,
    readonly intel: Intel,
    private readonly overrides: Partial<PckCacheOptions>,
  ) {}

  static async open(intel: Intel, overrides: Partial<PckCacheOptions> = {}): Promise<World> {
    const world = new World(await newFolder(), intel, overrides);
    await world.startCache();
    return world;
  }

  get url(): string {
    return this.running?.url ?? '';
  }

  async startCache(overrides: Partial<PckCacheOptions> = {}): Promise<void> {
    const { intel } = this;
    const client = createHttpClient({
      ca: intel.ca.pem,
      originMap: {
        'https://api.trustedservices.intel.com': intel.url,
        'https://certificates.trustedservices.intel.com': intel.url,
      },
    });
    this.client = client;
    const request = (question: HttpRequest) => {
      this.asked.push(question.url);
      return client.request(question);
    };
    this.running = await startPckCache({
      ...intel.shared(this.home),
      port: 0,
      http: { request },
      retries: 0,
      ...this.overrides,
      ...overrides,
    });
  }

  async stopCache(): Promise<void> {
    await this.running?.close();
    await this.client?.close();
    this.running = undefined;
    this.client = undefined;
  }

  async close(): Promise<void> {
    await this.stopCache();
    await rm(this.home, { recursive: true, force: true });
  }

  /** One raw HTTPS request to the cache. */
  ask(pathname: string, question: Ask = {}): Promise<Answer> {
    return this.intel.ask(`${this.url}${pathname}`, question);
  }
}

let platforms = 0;

/** The query that Intel's client sends for a platform; each platform has a QE_ID of its own. */
export function pckQuery(
  made: MadeProcessor,
  change: Record<string, string> = {},
): Record<string, string> {
  const pceSvn = Buffer.alloc(2);
  pceSvn.writeUInt16LE(made.pceSvn);
  const key = {
    key: made.ppidEncryptionKey,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: 'sha256',
  };
  platforms += 1;
  return {
    qeid: platforms.toString(16).padStart(32, '0'),
    encrypted_ppid: publicEncrypt(key, Buffer.from(made.ppid, 'hex')).toString('hex'),
    cpusvn: made.cpuSvn,
    pcesvn: pceSvn.toString('hex'),
    pceid: '0000',
    ...change,
  };
}

export const queryText = (query: Record<string, string>): string =>
  new URLSearchParams(query).toString();

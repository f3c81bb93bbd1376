import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { constants, publicEncrypt } from 'node:crypto';
import type { Clock } from '@touchstone/ports';
import { silentLogger, systemRandom } from '@touchstone/runtime';
import {
  startIntelPcs,
  type IntelPcsOptions,
  type RunningIntelPcs,
} from '@touchstone/server-intel-pcs';
import { openLocalCa, type LocalCa } from '@touchstone/tls';

/** The instant of these tests; the clock can be moved. */
export const AT = new Date('2026-11-22T10:00:00Z');

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A processor as the factory answers. */
export interface MadeProcessor {
  readonly ppid: string;
  readonly fmspc: string;
  readonly rootProvisioningKey: string;
  readonly cpuSvn: string;
  readonly pceSvn: number;
  readonly ppidEncryptionKey: string;
  readonly vendorMrSigner: string;
}

/** The service over real HTTPS in a folder of its own. */
export class World {
  now = AT;
  readonly clock: Clock = { now: () => this.now };

  private constructor(
    readonly home: string,
    readonly ca: LocalCa,
    private running: RunningIntelPcs | undefined,
    private readonly overrides: Partial<IntelPcsOptions>,
  ) {}

  static async open(overrides: Partial<IntelPcsOptions> = {}): Promise<World> {
    const home = await mkdtemp(path.join(tmpdir(), 'touchstone-intel-pcs-'));
    const world = new World(home, await openLocalCa(home), undefined, overrides);
    await world.start();
    return world;
  }

  get service(): RunningIntelPcs {
    if (!this.running) throw new Error('the service is not running');
    return this.running;
  }

  async start(): Promise<void> {
    this.running = await startIntelPcs({
      home: this.home,
      host: '127.0.0.1',
      port: 0,
      clock: this.clock,
      logger: silentLogger,
      random: systemRandom,
      tls: this.ca,
      ...this.overrides,
    });
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** One raw HTTPS request. */
  ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const target = new URL(url, this.service.url);
      const request = https.request(target, { method, headers, ca: this.ca.pem }, (response) => {
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

  /** A request of the factory or of the simulation. */
  own(pathname: string, body?: unknown): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.service.manufacturingToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    if (body === undefined) return this.ask(pathname, { headers });
    return this.ask(pathname, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async make(model: string, tcb: object = {}): Promise<MadeProcessor> {
    const { status, body } = await this.own('/manufacturing/processors', { model, ...tcb });
    expect(status).toBe(201);
    return JSON.parse(body.toString()) as MadeProcessor;
  }
}

/** What a platform asks for its certificates with. */
export function pckQuery(made: MadeProcessor, change: Record<string, string> = {}): string {
  const pceSvn = Buffer.alloc(2);
  pceSvn.writeUInt16LE(made.pceSvn);
  const encrypted = publicEncrypt(
    {
      key: made.ppidEncryptionKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    },
    Buffer.from(made.ppid, 'hex'),
  );
  return new URLSearchParams({
    encrypted_ppid: encrypted.toString('hex'),
    cpusvn: made.cpuSvn,
    pcesvn: pceSvn.toString('hex'),
    pceid: '0000',
    ...change,
  }).toString();
}

export const pemOfHeader = (value: string | undefined): string => decodeURIComponent(value ?? '');

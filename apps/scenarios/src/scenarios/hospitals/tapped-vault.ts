import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { HttpClient, HttpRequest, HttpResponse } from '@touchstone/http-client';
import { openLocalCa } from '@touchstone/tls';
import type { World } from '../../frame/world';

/** A man in the middle between an enclave host and a vault: the host is his, and so is the way. */
export interface TappedVault {
  readonly url: string;
  /** From now on a release is answered with what was answered the first time. */
  replay(): void;
}

const RELEASE_PATH = /\/release(?:\?|$)/;
const OK = 200;
const UNREACHABLE = 502;
/** Of one connection only, or counted anew. */
const NOT_HANDED_ON = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** Stands at an address of his own, hands everything on to the vault, and remembers how it answered a release. */
export async function tapVault(world: World, vaultUrl: string): Promise<TappedVault> {
  const folder = path.dirname(world.endpoints.ca);
  const tls = await (await openLocalCa(folder, folder)).certificateFor({ service: 'tapped-vault' });
  let replaying = false;
  let remembered: HttpResponse | undefined;
  const answer = async (request: IncomingMessage): Promise<HttpResponse> => {
    const releases = RELEASE_PATH.test(request.url ?? '');
    const fresh = await handOn(world.http, vaultUrl, request);
    if (!releases || fresh.status !== OK) return fresh;
    if (replaying && remembered !== undefined) return remembered;
    remembered ??= fresh;
    return fresh;
  };
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    answer(request).then(
      (given) => send(given, response),
      () => response.writeHead(UNREACHABLE).end(),
    );
  });
  const url = await listening(server);
  world.closeLater(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url, replay: () => void (replaying = true) };
}

async function handOn(
  http: HttpClient,
  vaultUrl: string,
  request: IncomingMessage,
): Promise<HttpResponse> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const method = (request.method ?? 'GET') as HttpRequest['method'];
  const headers = handedOn(request.headers);
  const url = `${vaultUrl}${request.url ?? ''}`;
  const body = Uint8Array.from(Buffer.concat(parts));
  return http.request({ method, url, headers, ...(body.length > 0 && { body }) });
}

function send({ status, headers, body }: HttpResponse, response: ServerResponse): void {
  response.writeHead(status, handedOn(headers)).end(body);
}

const handedOn = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'host' || NOT_HANDED_ON.has(name)
        ? []
        : [[name, String(value)] as const],
    ),
  );

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`https://localhost:${(server.address() as AddressInfo).port}`);
    });
  });
}

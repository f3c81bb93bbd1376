import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import type { Logger } from '@touchstone/ports';
import { isLoopback } from '@touchstone/runtime';
import { HttpError } from './http-error';

/** PEM texts; `cert` holds the leaf first, then what a client needs to reach its root. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

export interface ListenOptions {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Plain HTTP when absent, for the few protocols that know nothing else. */
  readonly tls?: TlsIdentity;
  readonly logger: Logger;
  readonly drainMs?: number;
}

export interface Listening {
  /** The address for callers, without a trailing slash; `localhost` for a loopback address. */
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, lets running requests end, then cuts what is left. */
  close(): Promise<void>;
}

/** A whole request must arrive within this time; its headers within the shorter one: slow senders hold no socket. */
export const REQUEST_TIMEOUT_MS = 30_000;
export const HEADERS_TIMEOUT_MS = 10_000;
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;
/** Longer than the idle time of usual clients, so that it is they who close. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
export const MAX_HEADER_BYTES = 32 * 1024;
export const MAX_HEADERS = 100;
export const MAX_CONNECTIONS = 10_000;
export const DRAIN_MS = 5_000;
const CONNECTIONS_CHECK_MS = 5_000;
const IDLE_SWEEP_MS = 20;

const LIMITS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  noDelay: true,
};

/** Serves `app`; HTTP_LISTEN_FAILED when the address cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const server = createServer(options);
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = MAX_CONNECTIONS;
  const { port } = await bind(server, options);
  const scheme = options.tls === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://${publicHost(options.host)}:${port}`,
    port,
    close: () => drain(server, options),
  };
}

function createServer({ app, tls }: ListenOptions): http.Server | https.Server {
  if (tls === undefined) return http.createServer(LIMITS, app);
  const { key, cert } = tls;
  const secure = {
    key,
    cert,
    minVersion: 'TLSv1.2',
    handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS,
  } as const;
  return https.createServer({ ...LIMITS, ...secure }, app);
}

function bind(server: http.Server, { host, port }: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new HttpError('HTTP_LISTEN_FAILED', message, { cause }));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
}

function publicHost(host: string): string {
  // The local certificates name `localhost`, and a wildcard address is no name at all.
  if (isLoopback(host) || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

async function drain(
  server: http.Server,
  { drainMs = DRAIN_MS, logger }: ListenOptions,
): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections fall idle one by one, as their last requests end; none of them gets another.
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const timer = setTimeout(() => {
    logger.warn('connections were cut', { afterMs: drainMs });
    server.closeAllConnections();
  }, drainMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(timer);
}

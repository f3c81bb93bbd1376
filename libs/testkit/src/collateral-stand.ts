import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Collateral } from '@touchstone/collateral';
import { pccsAnswer, type PccsTee } from './pccs-answer';

/** A PCK cache on a loopback port, by plain HTTP, that knows one platform. */
export interface CollateralStand {
  readonly url: string;
  /** What it serves; `undefined` stands for a platform that it does not know. */
  serve(collateral: Collateral | undefined): void;
  /** From now on it answers 503, or answers again. */
  outage(out: boolean): void;
  /** Paths, with their queries, of the requests so far. */
  asked(): readonly string[];
  close(): Promise<void>;
}

export async function openCollateralStand(
  first: Collateral | undefined,
  tee: PccsTee = 'sgx',
): Promise<CollateralStand> {
  let collateral = first;
  let out = false;
  const asked: string[] = [];
  const server = createServer(({ url = '/' }, response) => {
    asked.push(url);
    const { pathname } = new URL(url, 'http://localhost');
    const answer = collateral && pccsAnswer(collateral, pathname, tee);
    if (out) response.writeHead(503).end();
    else if (!answer) response.writeHead(404).end();
    else response.writeHead(200, { ...answer.headers }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (next) => {
      collateral = next;
    },
    outage: (value) => {
      out = value;
    },
    asked: () => asked,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Collateral } from '@touchstone/collateral';
import { pccsAnswer } from '@touchstone/testkit';

/** A PCK cache on a loopback port that knows the platforms it is told of. */
export interface CollateralStand {
  readonly url: string;
  /** What it serves; `undefined` stands for a platform that it does not know. */
  serve(collateral: Collateral | undefined): void;
  /** From now on it answers 503, or answers again. */
  outage(out: boolean): void;
  /** Requests so far. */
  requests(): number;
  close(): Promise<void>;
}

export async function openCollateralStand(first: Collateral): Promise<CollateralStand> {
  let collateral: Collateral | undefined = first;
  let out = false;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (out) response.writeHead(503).end();
    else if (!collateral) response.writeHead(404).end();
    else send(collateral, path, response);
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
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function send(collateral: Collateral, path: string, response: ServerResponse): void {
  const answer = pccsAnswer(collateral, path);
  if (answer) response.writeHead(200, { ...answer.headers }).end(answer.body);
  else response.writeHead(404).end();
}

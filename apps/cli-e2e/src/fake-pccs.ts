import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toHex } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';

/** Answers with the collateral of one platform in the ways of a PCK caching service, and remembers what it was asked. */
export class FakePccs {
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(collateral: Collateral) {
    this.#server = createServer((request, response) => this.#answer(request, response, collateral));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ url = '' }: IncomingMessage, response: ServerResponse, parts: Collateral): void {
    const { pathname } = new URL(url, 'http://pccs');
    this.asked.push(pathname);
    const chain = (header: string, pem: string): void => {
      response.setHeader(header, encodeURIComponent(pem));
    };
    switch (pathname.replace('/sgx/certification/v4/', '')) {
      case 'tcb':
        chain('TCB-Info-Issuer-Chain', parts.tcbInfoIssuerChain);
        response.end(parts.tcbInfo);
        return;
      case 'qe/identity':
        chain('SGX-Enclave-Identity-Issuer-Chain', parts.qeIdentityIssuerChain);
        response.end(parts.qeIdentity);
        return;
      case 'pckcrl':
        chain('SGX-PCK-CRL-Issuer-Chain', parts.pckCrlIssuerChain);
        response.end(parts.pckCrl);
        return;
      case 'rootcacrl':
        response.end(toHex(parts.rootCaCrl));
        return;
      default:
        response.writeHead(404).end();
    }
  }
}

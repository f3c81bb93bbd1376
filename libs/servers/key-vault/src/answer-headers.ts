import type { RequestHandler } from 'express';
import { headerValue } from '@touchstone/http';
import { keyVault } from '@touchstone/wire';

const { AnswerHeader } = keyVault;
const SERVICE_VERSION = '2.0.0.0';
const CLIENT_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** Headers that every answer of a vault carries, refusals too. */
export function answerHeaders(region: string): RequestHandler {
  return (request, response, next) => {
    response.set({
      'cache-control': 'no-cache',
      pragma: 'no-cache',
      expires: '-1',
      'strict-transport-security': 'max-age=31536000;includeSubDomains',
      'x-content-type-options': 'nosniff',
      [AnswerHeader.region]: region,
      [AnswerHeader.serviceVersion]: SERVICE_VERSION,
      [AnswerHeader.networkInfo]: networkInfo(request.socket.remoteAddress ?? ''),
    });
    const clientRequestId = headerValue(request, AnswerHeader.clientRequestId);
    if (clientRequestId !== undefined && CLIENT_REQUEST_ID.test(clientRequestId)) {
      response.set(AnswerHeader.clientRequestId, clientRequestId);
    }
    next();
  };
}

function networkInfo(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  const six = plain.includes(':');
  return `conn_type=${six ? 'Ipv6' : 'Ipv4'};addr=${plain};act_addr_fam=InterNetwork${six ? 'V6' : ''};`;
}

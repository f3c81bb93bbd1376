import type { Express, RequestHandler } from 'express';
import { VaultServerError } from './server-error';

const KEY_OPERATIONS = ['encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify'];

/** Documented operations that this vault does not carry out say so: silence would be a lie about compatibility. */
export function unsupportedRoutes(app: Express): void {
  for (const operation of KEY_OPERATIONS) {
    app.post([`/keys/:name/${operation}`, `/keys/:name/:version/${operation}`], refuse(operation));
  }
  app.post('/keys/:name/backup', refuse('backup'));
  app.post('/keys/restore', refuse('restore'));
  app.post('/keys/:name/rotate', refuse('rotate'));
  app.all('/keys/:name/rotationpolicy', refuse('rotationpolicy'));
  app.get(['/keys/:name/attestation', '/keys/:name/:version/attestation'], refuse('attestation'));
  app.post('/rng', refuse('rng'));
  for (const area of ['secrets', 'deletedsecrets', 'certificates', 'deletedcertificates']) {
    app.all([`/${area}`, `/${area}/*rest`], refuse(area));
  }
}

function refuse(operation: string): RequestHandler {
  return () => {
    const message = `This vault keeps and releases keys; it does not carry out the operation ${operation}.`;
    throw new VaultServerError('VAULT_OPERATION_UNSUPPORTED', message, { field: operation });
  };
}

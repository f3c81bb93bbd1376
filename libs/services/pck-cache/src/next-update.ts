import { parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import { parseCrl } from '@touchstone/pki';
import type { DocumentName } from './document-name';

/** When a document says that a newer one will be there; undefined when it cannot be read. */
export function nextUpdateOf(name: DocumentName, body: Uint8Array): Date | undefined {
  try {
    if (name.kind === 'tcb') return parseTcbInfo(body).nextUpdate;
    if (name.kind === 'identity') return parseEnclaveIdentity(body).nextUpdate;
    return parseCrl(body).nextUpdate;
  } catch {
    return undefined;
  }
}

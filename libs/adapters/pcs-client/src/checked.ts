import { parseEnclaveIdentity, parseTcbInfo, type EnclaveIdentityId } from '@touchstone/collateral';
import { parseCrl } from '@touchstone/pki';
import { PcsError } from './pcs-error';

/** An upstream that answers with another document than was asked for must not get it into a cache. */
function checked(what: string, check: () => boolean): void {
  let sound: boolean;
  try {
    sound = check();
  } catch (cause) {
    throw new PcsError('PCS_BAD_ANSWER', `${what} is malformed`, { field: what, cause });
  }
  if (!sound)
    throw new PcsError('PCS_BAD_ANSWER', `${what} is not what was asked for`, { field: what });
}

export type Tee = 'sgx' | 'tdx';

export const assertTcbInfo = (body: Uint8Array, tee: Tee, fmspc: string): void =>
  checked('tcb', () => {
    const found = parseTcbInfo(body);
    return found.fmspc === fmspc.toLowerCase() && found.id === tee.toUpperCase();
  });

export const assertIdentity = (body: Uint8Array, id: EnclaveIdentityId): void =>
  checked('identity', () => parseEnclaveIdentity(body).id === id);

export const assertCrl = (body: Uint8Array): void =>
  checked('crl', () => parseCrl(body).der.length > 0);

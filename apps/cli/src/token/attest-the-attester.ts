import { fromBase64Lenient } from '@touchstone/bytes';
import type { Check, CheckLog } from '@touchstone/decision';
import { CodedError } from '@touchstone/errors';
import { SignerRefusal, judgeSigner, type Judgement } from '@touchstone/service-verifier';
import type { VerifiedToken } from '@touchstone/token';
import type { SignerExpectations } from './attester-options';
import { TokenUnjudged, type TokenQuestion } from './judge-token';

/** The question, and what came of it in full once it was asked. */
export interface AttesterQuestion {
  readonly ask: TokenQuestion;
  readonly judgement: () => Judgement | undefined;
}

/** Whether the key that signed a token lives in the enclave that its certificate tells of. */
export function createAttesterQuestion(expected: SignerExpectations): AttesterQuestion {
  let judgement: Judgement | undefined;
  return {
    judgement: () => judgement,
    async ask({ token }, log) {
      judgement = await judgeSigner({
        ...expected,
        certificate: certificateOf(token, log),
        issuer: issuerOf(token),
      });
      logSigner(judgement, log);
      const { verdict, code } = judgement.document;
      const reason = judgement.reason ?? 'the signer is not attested';
      if (verdict === 'not-judged')
        throw new TokenUnjudged('SIGNER_NOT_JUDGED', `${code ?? ''}: ${reason}`);
      if (verdict === 'rejected') throw new CodedError(code ?? 'SIGNER_REJECTED', reason);
    },
  };
}

function certificateOf({ jwk }: VerifiedToken, log: CheckLog): Uint8Array {
  const [leaf] = jwk.x5c ?? [];
  if (leaf !== undefined) return fromBase64Lenient(leaf, 'x5c');
  log.failed('signer-certificate-form', { code: 'SIGNER_NOT_ATTESTED', expected: 'x5c' });
  throw new SignerRefusal('SIGNER_NOT_ATTESTED', 'the issuer publishes no certificate of the key');
}

/** Names in certificates have no slash at their end. */
const issuerOf = ({ claims }: VerifiedToken): string =>
  typeof claims['iss'] === 'string' ? claims['iss'].replace(/\/$/, '') : '';

const isOfSigner = ({ name }: Check): boolean => name.startsWith('signer-');

/** The quote is one line of a token's checks; its own are in the judgement. */
function logSigner({ checks, document }: Judgement, log: CheckLog): void {
  const ofQuote = checks.filter((check) => !isOfSigner(check));
  const failed = ofQuote.filter(({ result }) => result === 'failed');
  const before = checks.findIndex((check) => !isOfSigner(check));
  const own = checks.filter(isOfSigner);
  if (before < 0) return log.append(own);
  log.append(own.slice(0, before));
  const { tcbStatus, anchor, code } = document;
  if (failed.length > 0) log.failed('signer-quote', code === null ? {} : { code });
  else
    log.passed('signer-quote', {
      read: `genuine, TCB ${tcbStatus ?? 'unknown'}`,
      detail: `${ofQuote.length} checks, trusted root ${anchor ?? 'unknown'}`,
    });
  log.append(own.slice(before));
}

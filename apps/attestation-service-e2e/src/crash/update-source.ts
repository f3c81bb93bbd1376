import { generateKeyPairSync } from 'node:crypto';
import {
  RESET_DOCUMENT,
  createPolicySigner,
  signPolicy,
  wrapPolicy,
} from '@touchstone/policy-document';
import { parseCertificate, rsaSelfSigned } from '@touchstone/pki';
import { DEFAULT_POLICY_JWS } from '@touchstone/service-attestation';

/** What is sent, and what then stands there. */
export interface Update {
  readonly method: 'PUT' | 'POST';
  readonly jws: string;
  readonly stored: string;
}

const RESET: Update = { method: 'POST', jws: RESET_DOCUMENT, stored: DEFAULT_POLICY_JWS };

const SIGN_EVERY = 3;
const RESET_EVERY = 7;
/** From less than a page of a database to more than a dozen of them. */
const MAX_PADDING = 60_000;

/** Updates of which no two are alike: unsigned, signed, and now and then a reset; small and large. */
export function createUpdateSource(): () => Update {
  const sign = aSignature();
  let count = 0;
  return () => {
    count += 1;
    if (count % RESET_EVERY === 0) return RESET;
    const padding = '/'.repeat(2 + Math.floor(Math.random() * MAX_PADDING));
    const text = `version=1.0; authorizationrules{=> permit();}; issuancerules{=> issue(type="update", value=${count});};\n${padding}`;
    const jws = count % SIGN_EVERY === 0 ? sign(text) : wrapPolicy(text);
    return { method: 'PUT', jws, stored: jws };
  };
}

function aSignature(): (text: string) => string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  const certificate = rsaSelfSigned({
    commonName: 'owner',
    privateKeyPkcs8,
    serial: Uint8Array.of(1),
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
  });
  const certificates = [parseCertificate(certificate)];
  const signer = createPolicySigner({ privateKeyPkcs8, certificates });
  return (text) => signPolicy(text, signer);
}

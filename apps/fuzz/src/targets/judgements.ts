import { concat, fromUtf8, toHex } from '@touchstone/bytes';
import {
  type Collateral,
  encodePckExtension,
  parseEnclaveIdentity,
  parsePckExtension,
  parseTcbInfo,
} from '@touchstone/collateral';
import { parseCrl, parsePemChain } from '@touchstone/pki';
import { parseQuote } from '@touchstone/quote';
import { createQuoteVerifier } from '@touchstone/verification';
import type { Mutation } from '../byte-mutations';
import { mutateJson } from '../json-mutations';
import { simulated } from '../seeds';
import { type FuzzTarget, promise } from '../target';
import { looseText } from '../text';
import { mutatePem } from '../wrapped-mutations';
import { mutateDer } from '../der-mutations';

/** A document of the collateral, and what must not differ when a changed one is believed. */
interface Part {
  readonly name: keyof Collateral;
  readonly shape: Mutation;
  readonly put: (bytes: Uint8Array) => Partial<Collateral>;
  readonly meaning: (bytes: Uint8Array) => readonly string[];
}

const chain = (
  name: 'tcbInfoIssuerChain' | 'qeIdentityIssuerChain' | 'pckCrlIssuerChain',
): Part => ({
  name,
  shape: mutatePem,
  put: (bytes) => ({ [name]: looseText(bytes) }),
  meaning: (bytes) => parsePemChain(looseText(bytes)).map(({ tbs }) => toHex(tbs)),
});

const crl = (name: 'pckCrl' | 'rootCaCrl'): Part => ({
  name,
  shape: mutateDer,
  put: (bytes) => ({ [name]: bytes }),
  meaning: (bytes) => [toHex(parseCrl(bytes).tbs)],
});

const PARTS: readonly Part[] = [
  {
    name: 'tcbInfo',
    shape: mutateJson,
    put: (tcbInfo) => ({ tcbInfo }),
    meaning: (bytes) => [toHex(parseTcbInfo(bytes).signedBytes)],
  },
  {
    name: 'qeIdentity',
    shape: mutateJson,
    put: (qeIdentity) => ({ qeIdentity }),
    meaning: (bytes) => [toHex(parseEnclaveIdentity(bytes).signedBytes)],
  },
  crl('pckCrl'),
  crl('rootCaCrl'),
  chain('tcbInfoIssuerChain'),
  chain('qeIdentityIssuerChain'),
  chain('pckCrlIssuerChain'),
];

/** The whole verification of a quote: whatever is changed, what is believed must be what was signed. */
export function judgementTargets(): readonly FuzzTarget[] {
  const { platform, quote, collateral } = simulated();
  const { at } = platform;
  // One verifier for all executions: what it remembers must never vouch for anything else.
  const verifier = createQuoteVerifier({ anchors: [platform.authority.anchor], memoEntries: 64 });

  const judgedQuote: FuzzTarget = {
    name: 'judged-quote',
    seeds: [quote.bytes],
    shape: mutateQuotedChain,
    run(input) {
      const verified = verifier.verify(parseQuote(input, { trailing: 'return' }), collateral, at);
      const same = toHex(verified.quote.signedBytes) === toHex(quote.signedBytes);
      promise('a believed quote says what was signed', same);
      const facts = encodePckExtension(parsePckExtension(simulated().pckCertificate));
      promise(
        'the platform is the one that was certified',
        toHex(facts).includes(verified.pck.fmspc),
      );
      return verified.tcb.status;
    },
  };

  const judged = PARTS.map(({ name, shape, put, meaning }): FuzzTarget => {
    const value = collateral[name];
    const sound = typeof value === 'string' ? fromUtf8(value) : value;
    const genuine = new Set(meaning(sound));
    return {
      name: `judged-${name.replace(/[A-Z]+/g, (letters) => `-${letters.toLowerCase()}`)}`,
      seeds: [sound],
      shape,
      run(input) {
        const verified = verifier.verify(quote, { ...collateral, ...put(input) }, at);
        promise(
          'a believed document says what was signed',
          meaning(input).every((each) => genuine.has(each)),
        );
        return verified.tcb.status;
      },
    };
  });
  return [judgedQuote, ...judged];
}

/** Changes the chain that a quote carries and its two lengths with it. */
const mutateQuotedChain: Mutation = (bytes, material) => {
  const { quote } = simulated();
  const { bytes: carried } = quote.certificationData;
  const signature = quote.signedBytes.length + 4;
  if (bytes.length !== quote.bytes.length) return mutatePem(bytes, material);
  const head = bytes.slice(0, bytes.length - carried.length);
  const changed = mutatePem(bytes.slice(head.length), material);
  const view = new DataView(head.buffer);
  view.setUint32(head.length - 4, changed.length, true);
  view.setUint32(signature - 4, head.length - signature + changed.length, true);
  return concat(head, changed);
};

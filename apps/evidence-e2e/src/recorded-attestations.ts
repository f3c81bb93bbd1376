import { appraise } from '@touchstone/appraisal';
import { sha256, toHex } from '@touchstone/bytes';
import type { HeldData, HeldDataType } from '@touchstone/claims';
import { parsePckExtension } from '@touchstone/collateral';
import { parsePemChain } from '@touchstone/pki';
import type { Quote } from '@touchstone/quote';
import { parseOeReport, parseQuote } from '@touchstone/quote';
import { INTEL_SGX_ROOT, verifyQuotePartly } from '@touchstone/verification';
import type {
  CollateralPart,
  PartialCollateral,
  PartlyVerifiedQuote,
  VerifiedQuote,
} from '@touchstone/verification';
import { itemsOf } from './manifest';
import { QUOTE_KINDS, collateralOf, verdictsOf } from './quote-items';
import { recordedPolicies } from './recorded-policies';
import type { Exchange } from './recordings';
import { claimsOf, instantOf, tokenOf } from './recordings';

const anchors = [INTEL_SGX_ROOT];

interface AttestBody {
  readonly quote?: string;
  readonly report?: string;
  readonly runtimeData: { readonly data: string; readonly dataType: HeldDataType };
}

export interface RecordedEvidence {
  readonly quote: Quote;
  /** SHA-256 of the evidence as it was sent. */
  readonly digest: string;
  readonly runtimeData: HeldData;
}

export function evidenceOf({ request }: Exchange): RecordedEvidence {
  const body = JSON.parse(request.body ?? '') as AttestBody;
  const sent = new Uint8Array(Buffer.from(body.quote ?? body.report ?? '', 'base64url'));
  const { data, dataType } = body.runtimeData;
  return {
    quote: parseQuote(body.quote === undefined ? parseOeReport(sent).quote : sent),
    digest: toHex(sha256(sent)),
    runtimeData: { bytes: new Uint8Array(Buffer.from(data, 'base64url')), dataType },
  };
}

export function platformOf(exchange: Exchange): { readonly fmspc: string; readonly ca: string } {
  const [leaf] = parsePemChain(evidenceOf(exchange).quote.certificationData.bytes);
  if (leaf === undefined) throw new Error('a PCK certificate is expected');
  return {
    fmspc: toHex(parsePckExtension(leaf).fmspc),
    ca: leaf.issuer.commonName ?? '',
  };
}

/** Intel's documents for the same family of platforms and CA, of the earliest instant in the evidence. */
export function collateralFor(
  exchange: Exchange,
): { readonly collateral: PartialCollateral; readonly at: Date } | undefined {
  const { fmspc, ca } = platformOf(exchange);
  const [verdict] = itemsOf(...QUOTE_KINDS)
    .flatMap(verdictsOf)
    .filter(
      ({ tcbInfo, pckCrl, rootCaCrl }) =>
        tcbInfo?.fmspc === fmspc && pckCrl?.issuer.includes(ca) && rootCaCrl?.fresh,
    )
    .toSorted((a, b) => (a.now ?? '').localeCompare(b.now ?? ''));
  if (verdict === undefined) return undefined;
  const at = new Date(verdict.now ?? '');
  return { collateral: collateralOf(verdict, at), at };
}

const CRLS: readonly CollateralPart[] = ['pck-crl', 'root-ca-crl'];
const DOCUMENTS: readonly CollateralPart[] = ['tcb-info', 'qe-identity'];

/** At the recorded instant: documents of a later one still say what the platform is, lists of a later one say nothing. */
export function partlyVerified(exchange: Exchange): PartlyVerifiedQuote {
  const { quote } = evidenceOf(exchange);
  const found = collateralFor(exchange);
  return verifyQuotePartly(quote, found?.collateral ?? {}, {
    anchors,
    at: instantOf(exchange),
    without: found === undefined ? [...CRLS, ...DOCUMENTS] : CRLS,
  });
}

/** A family of platforms without documents at hand is taken for one that the baseline lets pass. */
const UNJUDGED = {
  status: 'OutOfDate',
  levelStatus: 'OutOfDate',
  date: new Date(0),
  advisoryIds: [],
  evaluationDataNumber: 0,
} as const satisfies VerifiedQuote['tcb'];

type CollateralClaim = Readonly<
  Record<'qeidhash' | 'qeidcertshash' | 'qeidcrlhash' | 'tcbinfohash' | 'tcbinfocertshash', string>
>;

/** What was proven, with the hashes of the documents that the service held then. */
function verifiedAsRecorded(exchange: Exchange, recorded: CollateralClaim): VerifiedQuote {
  const partly = partlyVerified(exchange);
  return {
    tcb: UNJUDGED,
    qe: { ...UNJUDGED },
    ...partly,
    collateral: {
      ...partly.collateral,
      evaluationDataNumber: 0,
      oldestDocument: partly.collateral.latestIssue,
      without: [],
      digests: {
        tcbInfo: recorded.tcbinfohash,
        tcbInfoIssuerChain: recorded.tcbinfocertshash,
        qeIdentity: recorded.qeidhash,
        qeIdentityIssuerChain: recorded.qeidcertshash,
        rootCaCrl: recorded.qeidcrlhash,
        pckCrl: '',
        pckCrlIssuerChain: '',
      },
    },
  };
}

/** Claims that came to be only after a build. */
export const LATER_CLAIMS: Readonly<Record<string, readonly string[]>> = {
  '1.10.01439.0001': ['x-ms-policy', 'x-ms-sgx-report-data'],
  '1.10.01605.0002': ['x-ms-policy'],
  '1.10.01643.0004': ['x-ms-policy'],
};

/** Our claims for what was sent, under the policy that was in force, with what the issuer itself added. */
export function claimsAsOurs(exchange: Exchange): Readonly<Record<string, unknown>> {
  const recorded = claimsOf(tokenOf(exchange) ?? '');
  const { runtimeData, digest } = evidenceOf(exchange);
  const policy = recordedPolicies().get(String(recorded['x-ms-policy-hash']));
  if (policy === undefined) throw new Error('the policy in force was not recorded');
  const { permitted, claims } = appraise({
    verified: verifiedAsRecorded(exchange, recorded['x-ms-sgx-collateral'] as CollateralClaim),
    evidenceDigest: digest,
    runtimeData,
    policy,
  });
  if (!permitted) throw new Error('the recorded policy permits nothing here');
  const later = LATER_CLAIMS[exchange.response.headers['x-ms-maa-service-version'] ?? ''] ?? [];
  const issued = ['iss', 'iat', 'nbf', 'exp', 'jti'].filter((name) => name in recorded);
  return {
    ...Object.fromEntries(Object.entries(claims).filter(([name]) => !later.includes(name))),
    ...Object.fromEntries(issued.map((name) => [name, recorded[name]])),
  };
}

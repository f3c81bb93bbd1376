import { toUtf8 } from '@touchstone/bytes';
import type { PckExtension } from '@touchstone/collateral';
import { parsePckExtension } from '@touchstone/collateral';
import type { Certificate } from '@touchstone/pki';
import { parsePemChain, verifyEcdsaP256 } from '@touchstone/pki';
import type { Quote } from '@touchstone/quote';
import { CertificationDataType } from '@touchstone/quote';
import { attempt } from './attempt';
import { bestFirst, isNamed, isSelfIssued, issued, pemOf } from './certificates';

/** The platform that a quote claims to be of: enough to find its collateral, nothing that is proven. */
export interface Platform {
  readonly leaf?: Certificate;
  readonly intermediate?: Certificate;
  readonly root?: Certificate;
  readonly extension?: PckExtension;
  /** PEM, for a quote without a chain of its own whose certificates were found beside it. */
  readonly pckCertificateChain?: string;
  /** Whether the quote carries a chain, readable or not. */
  readonly carriesChain: boolean;
}

const PCK_PHRASE = 'SGX PCK Certificate';

/** Looks into the quote, and for what it lacks among the certificates given. */
export function platformOf(quote: Quote, given: readonly Certificate[], at: Date): Platform {
  const { type, bytes } = quote.certificationData;
  const carriesChain = type === CertificationDataType.PCK_CHAIN;
  const carried = attempt(() => parsePemChain(toUtf8(bytes))) ?? [];
  if (carriesChain) return { ...rolesOf(carried), carriesChain };
  const leaf = type === CertificationDataType.PCK_LEAF ? carried[0] : certifierOf(quote, given);
  if (leaf === undefined) return { carriesChain };
  const known = bestFirst(given, at);
  const intermediate = known.find((each) => !isSelfIssued(each) && issued(each, leaf));
  const root =
    intermediate && known.find((each) => isSelfIssued(each) && issued(each, intermediate));
  const chain = [leaf, intermediate, root].filter((each) => each !== undefined);
  return {
    ...rolesOf(chain),
    carriesChain,
    ...(root === undefined ? {} : { pckCertificateChain: pemOf(chain) }),
  };
}

/** The PCK certificate whose key signed the quoting enclave's report: no other can be meant. */
const certifierOf = (
  { qeReportBytes, qeReportSignature }: Quote,
  given: readonly Certificate[],
): Certificate | undefined =>
  given.find(
    (each) =>
      isNamed(each, PCK_PHRASE) &&
      attempt(() =>
        verifyEcdsaP256(each.publicKey, qeReportBytes, qeReportSignature, 'ieee-p1363'),
      ) === true,
  );

function rolesOf(chain: readonly Certificate[]): Omit<Platform, 'carriesChain'> {
  const leaf = chain.find((each) => isNamed(each, PCK_PHRASE));
  const root = chain.find(isSelfIssued);
  const intermediate = chain.find((each) => each !== leaf && each !== root);
  const extension = leaf && attempt(() => parsePckExtension(leaf));
  return {
    ...(leaf ? { leaf } : {}),
    ...(intermediate ? { intermediate } : {}),
    ...(root ? { root } : {}),
    ...(extension ? { extension } : {}),
  };
}

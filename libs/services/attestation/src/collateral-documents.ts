import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import type { Collateral } from '@touchstone/collateral';
import type { CachedDocument, DocumentCache } from '@touchstone/ports';

export type CollateralMember = keyof Collateral;

const TEXT_MEMBERS: ReadonlySet<CollateralMember> = new Set<CollateralMember>([
  'tcbInfoIssuerChain',
  'qeIdentityIssuerChain',
  'pckCrlIssuerChain',
]);

/** Members of collateral as documents, `<prefix><member>` each. */
export const toDocuments = (
  prefix: string,
  members: readonly CollateralMember[],
  collateral: Collateral,
  fetchedAt: Date,
): readonly CachedDocument[] =>
  members.map((member) => {
    const value = collateral[member];
    const text = typeof value === 'string';
    return {
      key: `${prefix}${member}`,
      body: text ? fromUtf8(value) : value,
      contentType: text ? 'application/x-pem-file' : 'application/octet-stream',
      headers: {},
      fetchedAt,
    };
  });

export interface ReadDocuments<Member extends CollateralMember> {
  readonly members: Pick<Collateral, Member>;
  readonly fetchedAt: Date;
}

/** The same read again; undefined when one of them is not there. */
export async function fromDocuments<Member extends CollateralMember>(
  documents: DocumentCache,
  prefix: string,
  members: readonly Member[],
): Promise<ReadDocuments<Member> | undefined> {
  const found: Partial<Record<CollateralMember, string | Uint8Array>> = {};
  let fetchedAt = new Date(0);
  for (const member of members) {
    const document = await documents.get(`${prefix}${member}`);
    if (!document) return undefined;
    found[member] = TEXT_MEMBERS.has(member) ? toUtf8(document.body) : document.body;
    fetchedAt = document.fetchedAt;
  }
  return { members: found as Pick<Collateral, Member>, fetchedAt };
}

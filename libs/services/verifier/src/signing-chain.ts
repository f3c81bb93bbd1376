import type { Certificate } from '@touchstone/pki';
import { parsePemChain, verifyEcdsaP256 } from '@touchstone/pki';
import { attempt } from './attempt';
import { bestFirst, distinct, isNamed, isSelfIssued, issued, pemOf } from './certificates';

const SIGNER_PHRASE = 'SGX TCB Signing';

interface SignedDocument {
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

interface SignedPiece {
  readonly content?: SignedDocument;
  readonly issuerChain?: string;
}

/** Finds who signed TCB info and identities, among the certificates at hand. */
export class SigningChains {
  readonly #certificates: readonly Certificate[];
  readonly #root: Certificate | undefined;

  /** `root` is that of the platform: signers of its world are preferred. */
  constructor(certificates: readonly Certificate[], root: Certificate | undefined, at: Date) {
    const all = distinct([...certificates, ...(root ? [root] : [])]);
    this.#certificates = bestFirst(all, at);
    this.#root = root;
  }

  /** Whether the document is signed by a signer of the platform's world. */
  isProven(piece: SignedPiece): boolean {
    const { content, issuerChain } = piece;
    if (content === undefined) return false;
    const own = issuerChain === undefined ? undefined : attempt(() => parsePemChain(issuerChain));
    return this.#signers(own).some(
      (signer) => signs(signer, content) && this.#isOfTheWorld(signer),
    );
  }

  /** PEM: what came with the document, else the signer found and its root; undefined when no signer is known. */
  chainFor({ content, issuerChain }: SignedPiece): string | undefined {
    if (issuerChain !== undefined) return issuerChain;
    const signers = this.#signers();
    const ofTheWorld = signers.filter((signer) => this.#isOfTheWorld(signer));
    const known = ofTheWorld.length > 0 ? ofTheWorld : signers;
    const signer = known.find((each) => content !== undefined && signs(each, content)) ?? known[0];
    if (signer === undefined) return undefined;
    const roots = this.#certificates.filter((each) => isSelfIssued(each) && issued(each, signer));
    const [root] = roots;
    return root === undefined ? undefined : pemOf([signer, root]);
  }

  #signers(certificates = this.#certificates): Certificate[] {
    return certificates.filter((each) => isNamed(each, SIGNER_PHRASE));
  }

  #isOfTheWorld(signer: Certificate): boolean {
    return this.#root === undefined || issued(this.#root, signer);
  }
}

const signs = (signer: Certificate, { signedBytes, signature }: SignedDocument): boolean =>
  attempt(() => verifyEcdsaP256(signer.publicKey, signedBytes, signature, 'ieee-p1363')) === true;

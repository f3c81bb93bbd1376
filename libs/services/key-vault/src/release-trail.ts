import { fromUtf8, sha256, toHex } from '@touchstone/bytes';
import { CheckLog } from '@touchstone/decision';
import type { Check } from '@touchstone/decision';
import type { VaultKeyVersion } from '@touchstone/ports';
import type { KeyEncryptionKey } from '@touchstone/release';
import type { keyVault } from '@touchstone/wire';
import type { Principal } from './access';
import type { TrustedAttestation } from './attestation-token';
import type { VaultScope } from './vault-scope';

/** What a decision record says of a release, apart from its wire form. */
export interface ReleaseTrail {
  readonly at: Date;
  readonly checks: readonly Check[];
  /** Name of the first failed check. */
  readonly decisive?: string;
  /** The attestation service whose signature was relied on. */
  readonly anchor?: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface TrailStart {
  readonly scope: VaultScope;
  readonly principal: Principal;
  readonly name: string;
  readonly version?: string | undefined;
}

/** Collects what is learned on the way to a decision. */
export class TrailLog {
  readonly checks = new CheckLog();
  readonly #subject: Record<string, string>;
  readonly #facts: Record<string, unknown>;
  #anchor: string | undefined;

  constructor(
    readonly at: Date,
    { scope, name, version, principal }: TrailStart,
  ) {
    this.#subject = { vault: scope.vault, key: name, ...(version !== undefined && { version }) };
    this.#facts = {
      caller: principal.oid,
      application: principal.appid,
      apiVersion: scope.apiVersion,
    };
  }

  asked({ target, enc, nonce }: keyVault.ReleaseKeyRequest): void {
    this.#subject['tokenSha256'] = toHex(sha256(fromUtf8(target)));
    Object.assign(this.#facts, { enc, ...(nonce !== undefined && { nonce }) });
  }

  found({ version, kty }: VaultKeyVersion): void {
    Object.assign(this.#subject, { version, kty });
  }

  trusted({ authority, token }: TrustedAttestation): void {
    this.#anchor = authority;
    const { iss, jti, exp, 'x-ms-attestation-type': attestationType } = token.claims;
    Object.assign(this.#facts, { issuer: iss, tokenId: jti, tokenExpires: exp, attestationType });
  }

  wrapsTo({ kid, key }: KeyEncryptionKey): void {
    Object.assign(this.#facts, { kekKid: kid, kekBits: key.asymmetricKeyDetails?.modulusLength });
  }

  end(): ReleaseTrail {
    const { checks } = this.checks;
    const decisive = checks.find(({ result }) => result === 'failed')?.name;
    return {
      at: this.at,
      checks,
      ...(decisive !== undefined && { decisive }),
      ...(this.#anchor !== undefined && { anchor: this.#anchor }),
      subject: this.#subject,
      facts: this.#facts,
    };
  }
}

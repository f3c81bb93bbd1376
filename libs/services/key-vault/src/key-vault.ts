import type { Clock, Random, SigningKeyStore, VaultKeyStore } from '@touchstone/ports';
import type { AccessControl } from './access';
import { createAuthorityKeys } from './authority-keys';
import type { AuthorityDocuments } from './authority-keys';
import { createAuthorityRevocations } from './authority-revocations';
import { createKeys } from './keys';
import type { Keys } from './keys';
import { releaseKey } from './release-key';
import type { ReleaseCall, ReleaseOutcome } from './release-key';
import { openReleaseSigner } from './release-signer';
import type { ReleaseSigner } from './release-signer';

export interface KeyVaultDeps {
  readonly vaultKeys: VaultKeyStore;
  readonly signingKeys: SigningKeyStore;
  readonly access: AccessControl;
  readonly documents: AuthorityDocuments;
  readonly random: Random;
  readonly clock: Clock;
}

/** The relying party: keeps keys, and lets one out only into an environment that its policy describes. */
export interface KeyVault {
  readonly keys: Keys;
  readonly access: AccessControl;
  release(call: ReleaseCall): Promise<ReleaseOutcome>;
  /** Resolves when the vault can sign releases; making the signer's keys takes a moment on first start. */
  ready(): Promise<void>;
}

export function createKeyVault(deps: KeyVaultDeps): KeyVault {
  const { access, random, clock } = deps;
  const authorityKeys = createAuthorityKeys(deps.documents);
  const revocations = createAuthorityRevocations(deps.documents);
  const signer = once(() =>
    openReleaseSigner({ store: deps.signingKeys, random, at: clock.now() }),
  );
  return {
    access,
    keys: createKeys({ store: deps.vaultKeys, authorityKeys, random, clock }),
    release: (call) =>
      releaseKey(
        {
          store: deps.vaultKeys,
          access,
          authorities: { keys: authorityKeys, revocations },
          signer,
          random,
          clock,
        },
        call,
      ),
    ready: async () => void (await signer()),
  };
}

/** Runs `open` when first asked, and again only after it failed. */
function once(open: () => Promise<ReleaseSigner>): () => Promise<ReleaseSigner> {
  let opened: Promise<ReleaseSigner> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

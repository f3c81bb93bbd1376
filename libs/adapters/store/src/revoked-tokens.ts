import type { RevokedTokenStore } from '@touchstone/ports';
import type { Db } from './tables';

export function createRevokedTokenStore(db: Db): RevokedTokenStore {
  return {
    add: (token, limit, at) =>
      db.transaction().execute(async (within) => {
        const { provider, digest, expiresAt } = token;
        await within
          .deleteFrom('revoked_token')
          .where('provider', '=', provider)
          .where('expires_at', '<=', at.toISOString())
          .execute();
        const kept = await within
          .selectFrom('revoked_token')
          .select((each) => each.fn.countAll<number | string>().as('count'))
          .where('provider', '=', provider)
          .where('digest', '!=', digest)
          .executeTakeFirst();
        if (Number(kept?.count ?? 0) >= limit) return 'full';
        await within
          .insertInto('revoked_token')
          .values({ provider, digest, expires_at: expiresAt.toISOString() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return 'kept';
      }),
    list: async (provider, at) => {
      const rows = await db
        .selectFrom('revoked_token')
        .select('digest')
        .where('provider', '=', provider)
        .where('expires_at', '>', at.toISOString())
        .orderBy('seq')
        .execute();
      return rows.map(({ digest }) => digest);
    },
  };
}

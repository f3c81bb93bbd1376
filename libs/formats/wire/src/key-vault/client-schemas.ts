import { z } from 'zod';

/** For clients: the answer of a release. */
export const releaseAnswerSchema = z.object({
  value: z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
});

/** For clients: the part of a released payload that carries the key. */
export const releasedKeySchema = z.object({
  response: z.object({
    key: z.object({ key: z.object({ kid: z.string(), kty: z.string(), key_hsm: z.string() }) }),
  }),
});

/** For clients: a key as it is described, without its private part. */
export const keyBundleSchema = z.object({
  key: z.object({ kid: z.string(), kty: z.string() }).catchall(z.unknown()),
  attributes: z
    .object({ enabled: z.boolean(), exportable: z.boolean().optional() })
    .catchall(z.unknown()),
  release_policy: z
    .object({
      contentType: z.string().optional(),
      data: z.string(),
      immutable: z.boolean().optional(),
    })
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
export type KeyBundle = z.output<typeof keyBundleSchema>;

/** For clients: a refusal. */
export const errorAnswerSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    innererror: z.object({ code: z.string() }).optional(),
  }),
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The parts of a manifest item that every kind has. */
export interface EvidenceItem {
  readonly id: string;
  readonly kind: string;
  readonly files: readonly string[];
  readonly now?: string;
  readonly negative?: boolean;
  readonly expected: unknown;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly sha256: Readonly<Record<string, string>>;
}

const folder = process.env['TOUCHSTONE_EVIDENCE'] ?? '';

export const readEvidence = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(folder, file)));

export const readText = (file: string): string => Buffer.from(readEvidence(file)).toString('utf8');

export const manifest: readonly EvidenceItem[] = (
  JSON.parse(readText('manifest.json')) as { items: EvidenceItem[] }
).items;

export const itemsOf = (...kinds: readonly string[]): readonly EvidenceItem[] =>
  manifest.filter(({ kind }) => kinds.includes(kind));

/** Files whose bytes are not those that the manifest was written for. */
export const changedFiles = (item: EvidenceItem): readonly string[] =>
  Object.entries(item.sha256)
    .filter(
      ([file, digest]) => createHash('sha256').update(readEvidence(file)).digest('hex') !== digest,
    )
    .map(([file]) => file);

/** The item's one file whose name ends so. */
export function fileOf(item: EvidenceItem, ...endings: readonly string[]): string {
  const found = item.files.find((file) => endings.some((ending) => file.endsWith(ending)));
  if (found === undefined) throw new Error(`${item.id} has no file ${endings.join(' or ')}`);
  return found;
}

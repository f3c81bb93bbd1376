import { fromUtf8 } from '@touchstone/bytes';
import { toPem } from '@touchstone/pki';
import { BYTE_MUTATIONS, type Material, type Mutation } from './byte-mutations';
import { mutateDer } from './der-mutations';
import { mutateJson } from './json-mutations';
import { looseText } from './text';

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----\r?\n?/g;

const decoded = (text: string, encoding: 'base64' | 'base64url'): Uint8Array =>
  new Uint8Array(Buffer.from(text, encoding));

/** Changes the DER inside one block of a PEM text, drops it, says it twice, or moves it to the front. */
export const mutatePem: Mutation = (bytes, material) => {
  const { dice } = material;
  const text = looseText(bytes);
  const block = dice.pick([...text.matchAll(PEM_BLOCK)]);
  if (block === undefined) return dice.pick(BYTE_MUTATIONS)(bytes, material);
  const [whole, label = '', base64 = ''] = block;
  const before = text.slice(0, block.index);
  const after = text.slice(block.index + whole.length);
  switch (dice.below(6)) {
    case 0:
      return fromUtf8(before + after);
    case 1:
      return fromUtf8(before + whole + whole + after);
    case 2:
      return fromUtf8(whole + before + after);
    default: {
      const der = mutateDer(decoded(base64, 'base64'), material);
      return fromUtf8(before + toPem(der, label) + after);
    }
  }
};

/** Changes what is inside one part of a JWS in compact serialisation. */
export const mutateJws: Mutation = (bytes, material) => {
  const { dice } = material;
  const parts = looseText(bytes).split('.');
  const at = dice.below(parts.length);
  const part = decoded(parts[at] ?? '', 'base64url');
  const changed = at < 2 ? mutateJson(part, material) : dice.pick(BYTE_MUTATIONS)(part, material);
  parts[at] = Buffer.from(changed).toString('base64url');
  return fromUtf8(parts.join('.'));
};

/** Changes what is inside a text that is base64url of a JSON document. */
export const mutateWrappedJson: Mutation = (bytes, material: Material) =>
  fromUtf8(
    Buffer.from(mutateJson(decoded(looseText(bytes), 'base64url'), material)).toString('base64url'),
  );

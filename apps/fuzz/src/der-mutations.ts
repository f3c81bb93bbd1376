import { concat } from '@touchstone/bytes';
import { BYTE_MUTATIONS, type Material, type Mutation } from './byte-mutations';

/** One element of DER, or bytes that are none. */
interface Node {
  readonly tag: number;
  readonly children?: readonly Node[];
  readonly content: Uint8Array;
}

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 24;
/** OCTET STRING and BIT STRING often hold DER themselves. */
const HOLDERS = new Set([0x03, 0x04]);

/** The elements that fill the bytes exactly, or undefined. */
function elementsOf(bytes: Uint8Array, depth = 0): readonly Node[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const nodes: Node[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const header = lengthAt(bytes, at + 1);
    if (header === undefined || header.end > bytes.length) return undefined;
    const content = bytes.subarray(header.start, header.end);
    const children = childrenOf(tag, content, depth);
    nodes.push({ tag, content, ...(children && { children }) });
    at = header.end;
  }
  return nodes;
}

function childrenOf(tag: number, content: Uint8Array, depth: number): readonly Node[] | undefined {
  if (tag & CONSTRUCTED) return elementsOf(content, depth + 1);
  if (!HOLDERS.has(tag) || (content[0] ?? 0) !== 0x30) return undefined;
  return elementsOf(content, depth + 1);
}

function lengthAt(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 1, end: at + 1 + first };
  const size = first & 0x7f;
  if (size === 0 || size > 3) return undefined;
  const length = bytes.subarray(at + 1, at + 1 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start: at + 1 + size, end: at + 1 + size + length };
}

function encode({ tag, children, content }: Node): Uint8Array {
  const inner = children ? concat(...children.map(encode)) : content;
  return concat(Uint8Array.of(tag), encodeLength(inner.length), inner);
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  if (length < 0x10000) return Uint8Array.of(0x82, length >> 8, length & 0xff);
  return Uint8Array.of(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
}

const countOf = (nodes: readonly Node[]): number =>
  nodes.reduce((sum, { children = [] }) => sum + 1 + countOf(children), 0);

/** The tree with node number `index` (counted from the top, depth first) replaced by some others. */
function withNode(
  nodes: readonly Node[],
  index: number,
  by: (node: Node) => readonly Node[],
): readonly Node[] {
  let left = index;
  return nodes.flatMap((node) => {
    const size = countOf([node]);
    const here = left;
    left -= size;
    if (here < 0 || here >= size) return [node];
    if (here === 0) return by(node);
    return [{ ...node, children: withNode(node.children ?? [], here - 1, by) }];
  });
}

function nodeAt(nodes: readonly Node[], index: number): Node | undefined {
  let left = index;
  for (const node of nodes) {
    if (left === 0) return node;
    const size = countOf([node]);
    if (left < size) return nodeAt(node.children ?? [], left - 1);
    left -= size;
  }
  return undefined;
}

const TAGS: readonly [number, ...number[]] = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x80, 0xa0,
  0xa3,
];

/** What becomes of one element. */
function change(node: Node, nodes: readonly Node[], material: Material): readonly Node[] {
  const { dice } = material;
  switch (dice.below(7)) {
    case 0:
      return [];
    case 1:
      return [node, node];
    case 2:
      return [{ ...node, tag: dice.oneIn(2) ? dice.pick(TAGS) : dice.below(256) }];
    case 3:
      return [nodeAt(nodes, dice.below(countOf(nodes))) ?? node];
    case 4:
      return [{ tag: 0x30, children: [node], content: node.content }];
    default: {
      const { tag } = node;
      const content = node.content.length > 0 ? node.content : Uint8Array.of(0);
      return [{ tag, content: dice.pick(BYTE_MUTATIONS)(content, material) }];
    }
  }
}

/** Changes one element of a DER structure and writes every length around it anew: the change is reached, not the fence. */
export const mutateDer: Mutation = (bytes, material) => {
  const { dice } = material;
  const nodes = elementsOf(bytes);
  if (nodes === undefined || nodes.length === 0) return dice.pick(BYTE_MUTATIONS)(bytes, material);
  const changed = withNode(nodes, dice.below(countOf(nodes)), (node) =>
    change(node, nodes, material),
  );
  return concat(...changed.map(encode));
};

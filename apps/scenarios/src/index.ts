// The exchange without its scenario, for whoever measures it.
export { BLOCK_BYTES, inBlocks, throughEnclave } from './exchange/blocks';
export type { Block } from './exchange/blocks';
export { loadParty } from './exchange/party';
export type { Party, PartyOptions } from './exchange/party';

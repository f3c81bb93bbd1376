import type { RegionKeysView, SigningKeyView } from './signing-keys';

/** For people: each region, its keys with what becomes of them, or why nothing was done there. */
export const renderKeys = (regions: readonly RegionKeysView[]): string =>
  regions
    .map((region) => [region.region, ...linesOf(region)].join('\n'))
    .join('\n')
    .concat('\n');

function linesOf(region: RegionKeysView): string[] {
  if ('error' in region) return [`  ${region.error.code}: ${region.error.message}`];
  if (region.keys.length === 0) return ['  no key yet: the first is made when it is needed'];
  return region.keys.flatMap(keyLines);
}

function keyLines(key: SigningKeyView): string[] {
  const { kid, state, createdAt, enclave } = key;
  return [
    `  ${state.padEnd(9)}  ${kid}  made ${createdAt}${endOf(key)}`,
    ...(enclave ? [`  ${''.padEnd(9)}  born in enclave ${enclave.mrEnclave}`] : []),
  ];
}

function endOf({ state, retiredAt, leavesAt }: SigningKeyView): string {
  if (retiredAt === undefined) return '';
  const signs = state === 'retired' ? '' : `, signs until ${retiredAt}`;
  return `${signs}, published until ${leavesAt ?? ''}`;
}

// The plan of the house as data: which layer may use which, and which third-party package has its home where.
// Arrows point down only. A layer that is not named for a tag cannot be imported from it.

const below = {
  ground: ['ground'],
  formats: ['formats', 'ground'],
  engine: ['engine', 'formats', 'ground'],
  outcome: ['outcome', 'engine', 'formats', 'ground'],
  adapter: ['adapter', 'outcome', 'formats', 'ground'],
  service: ['service', 'outcome', 'engine', 'formats', 'ground'],
  server: ['server', 'service', 'adapter', 'outcome', 'engine', 'formats', 'ground'],
  sdk: ['sdk', 'engine', 'formats', 'ground'],
  image: ['image', 'sdk', 'formats', 'ground'],
  app: [
    'app',
    'image',
    'sdk',
    'server',
    'service',
    'adapter',
    'outcome',
    'engine',
    'formats',
    'ground',
  ],
  testkit: ['sdk', 'outcome', 'engine', 'formats', 'ground'],
  e2e: [
    'testkit',
    'app',
    'image',
    'sdk',
    'server',
    'service',
    'adapter',
    'outcome',
    'engine',
    'formats',
    'ground',
  ],
};

/** Third-party packages and the only projects that may import them. Everyone else asks the home. */
export const packageHomes = {
  jose: ['token'],
  'node-forge': ['pki'],
  '@peculiar/*': ['pki'],
  '@noble/curves*': ['pki'],
  '@noble/ciphers*': ['cmac'],
  '@grpc/*': ['enclave-rpc'],
  'grpc-health-check': ['enclave-rpc'],
  undici: ['http-client'],
  '@azure/storage-blob': ['blob-client'],
  azurite: ['azurite'],
  kysely: ['store'],
  libsql: ['store'],
  pg: ['store'],
  pino: ['runtime'],
  'prom-client': ['runtime'],
};

/** Layers that are pure: bytes, values and a `Date` in, values out. */
const pureLayers = ['ground', 'formats', 'engine', 'outcome'];

const layerConstraints = Object.entries(below).map(([layer, layers]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: layers.map((name) => `layer:${name}`),
}));

const pureConstraints = pureLayers.map((layer) => ({
  sourceTag: `layer:${layer}`,
  bannedExternalImports: [
    'express',
    'undici',
    '@grpc/*',
    'kysely',
    'libsql',
    'pg',
    'pino',
    'prom-client',
  ],
}));

const wingConstraints = [
  // The judge never holds a key that can forge: nothing of the simulator is in a verifier's graph.
  {
    sourceTag: 'wing:verifier',
    notDependOnLibsWithTags: ['wing:attester', 'wing:party', 'wing:test'],
  },
  // The attester cannot judge itself.
  {
    sourceTag: 'wing:attester',
    notDependOnLibsWithTags: ['wing:verifier', 'wing:party', 'wing:test'],
  },
  {
    sourceTag: 'wing:shared',
    notDependOnLibsWithTags: ['wing:attester', 'wing:party', 'wing:test'],
  },
  // An enclave that also relies on others' evidence (`wing:party`) is in no wing: only apps and tests use it.
  { sourceTag: 'wing:party', notDependOnLibsWithTags: ['wing:test'] },
  // What is measured into every enclave holds no engine: neither the processor's nor the judge's.
  { sourceTag: 'room:enclave-sdk', notDependOnLibsWithTags: ['layer:engine'] },
];

// End-to-end projects drive the wire with whatever a client would use.
const homeConstraints = Object.entries(packageHomes).map(([name, homes]) => ({
  sourceTag: `/^room:(?!(?:${homes.join('|')}|testkit|.*-e2e)$)/`,
  bannedExternalImports: [name],
}));

export const depConstraints = [
  ...layerConstraints,
  ...pureConstraints,
  ...wingConstraints,
  ...homeConstraints,
];
